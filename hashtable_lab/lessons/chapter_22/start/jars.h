/* A cupboard with jars in it. Each jar has a name, and so many spoons. */
#ifndef JARS_H
#define JARS_H

/* Puts a jar in, or fills the one of that name anew. */
void put(const char *name, long spoons);

/* How many spoons are in it; -1 if there is no such jar. */
long spoons_of(const char *name);

/* Gives a jar that is there another name. */
void rename_jar(const char *name, const char *new_name);

/* Takes a jar out of the cupboard and throws it away. Returns how many spoons were in it; -1 if it is not there. */
long take_out(const char *name);

/* Throws all jars away. */
void clear_cupboard(void);

#endif
