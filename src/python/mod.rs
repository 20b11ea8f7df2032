//! The extension module `hashtable`, written by hand against the C API of Python.
//!
//! There is no binding generator between these files and the interpreter: what CPython's manual calls a slot is
//! here a function of that name, and every reference that is taken or given back is a line that can be read.
//! Read them in this order:
//!
//! | file | what it shows |
//! |---|---|
//! | [`module`] | `PyInit_hashtable`: a module in two phases |
//! | [`type_object`] | the `PyTypeObject`, field by field |
//! | [`object`] | the struct behind a `HashTable`, and who may look into its table when |
//! | [`lifecycle`] | `tp_new`, `tp_init`, `tp_traverse`, `tp_clear`, `tp_dealloc`: the whole story of each reference |
//! | [`operations`] | the verbs: where an entry comes and goes, and its references with it |
//! | [`hashing`], [`lookup`], [`keys`] | Python code inside our code: calling a hash function, comparing keys |
//! | [`layouts`] | what is read without a call: strings and ints as they lie in memory |
//! | [`methods`], [`mapping`], [`attributes`] | what Python programs call |
//! | [`merge`] | two mappings: `update`, `\|`, `==` |
//! | [`iterators`], [`views`] | objects that hold on to a table |
//! | [`inside`], [`pickling`] | the picture, the bins, the statistics; pickle and copy |
//! | [`native`], [`seeded`], [`utf8`] | hash functions that a table can do without a Python call |
//! | [`refs`], [`api`], [`arguments`] | who owns a temporary; each call into the interpreter: new, borrowed or stolen |
//! | [`errors`], [`boundary`], [`lock`] | exceptions; the door that no panic gets through; life without a GIL |
//! | [`nesting`], [`memory`] | freeing tables inside tables; where the memory comes from |
//! | [`glass`] | the same module, watched: each event, each count with its source line, and the broken specimens |

mod api;
mod arguments;
mod attributes;
mod boundary;
mod errors;
mod glass;
mod hashing;
mod inside;
mod iterators;
mod keys;
mod layouts;
mod lifecycle;
mod lock;
mod lookup;
mod mapping;
mod memory;
mod merge;
mod methods;
mod module;
mod native;
mod nesting;
mod object;
mod operations;
mod pickling;
#[cfg(hashtable_memory_probe)]
mod probe;
mod refs;
mod seeded;
mod type_object;
mod utf8;
mod views;
