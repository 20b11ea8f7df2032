//! The C ABI of `include/hashtable.h`. The header is the reference for what each function promises; here is
//! how the promise is kept.
//!
//! * `exports`: every function of the header, in the header's order: checks what comes in, calls the next.
//! * `boundary`: the one door that every export goes through, where a panic stops.
//! * `handle`: `ht_table`, which is the core's table with the fields that C can read.
//! * `item`: `ht_item`, `ht_value`, and what a value is once its type is known.
//! * `sought`: a key while it is searched for, and the fingerprint that spares long chains.
//! * `hash`: the hashes that a table can have as its own.
//! * `options`: the structs that C fills or has filled, and that can grow.
//! * `chunks`: where items live, so that they never move and outlive their table if they must.
//! * `huge_pages`: asking for them where arrays are large.
//! * `text`: print and stringify.
//! * `failure`: the error numbers, and `errno`.
//! * `layout`, `layout.c`: one list of offsets, checked here and against the header while building.

mod boundary;
mod chunks;
mod exports;
mod failure;
mod handle;
mod hash;
mod huge_pages;
mod item;
mod layout;
mod options;
mod sought;
mod text;
