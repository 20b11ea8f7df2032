//! Checks, while compiling, that the types of this module are laid out as build.rs has it in its list;
//! build.rs has checked the same list against the public header, with a C compiler (`layout.c`).

use super::failure::Status;
use super::handle::Handle;
use super::item::{Bytes, Item, Kind, Value};
use super::options::{
    COPY_KEY, COPY_VALUE, HASH_CALLBACK, HASH_FIBONACCI, HASH_FNV1A, HASH_IDENTITY, HASH_SIP, HASH_TALK,
    HASH_XXH3, NEVER_RESIZE, Options, SEEDED, Statistics,
};
use std::mem::offset_of;

include!(concat!(env!("OUT_DIR"), "/c_layout.rs"));
