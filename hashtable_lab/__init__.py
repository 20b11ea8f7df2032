"""hashtable under glass: see the layers talk, see every reference, crash and leak in safety."""
