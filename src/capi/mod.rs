//! The C ABI of `include/hashtable.h`.
