//! Every function of `include/hashtable.h`, in its order.
//!
//! Each checks what can be checked (NULL, type tags, sizes) and takes the rest on the header's word, which is
//! the safety contract of this file:
//!
//! 1. A table is NULL or from `ht_new`, and not yet freed.
//! 2. An item is NULL or one that a table handed out, and not yet freed.
//! 3. A string is NULL or ends in a NUL; what `ht_add` takes, and what the caller writes into an item, is
//!    malloc'ed besides.
//! 4. Nobody else changes the table or its items during the call.

use super::boundary::exports;
use super::chunks;
use super::failure::Status;
use super::handle::Handle;
use super::hash::talk_hash;
use super::item::{Datum, Item, Value};
use super::text::{self, Buffer, Stdout};
use libc::{c_char, c_double, c_int, c_long, c_uint};
use std::ptr::{self, NonNull};

const OWN_HASH: c_long = c_long::MAX;

/// What C gets for an item that there may be.
fn pointer(item: Option<NonNull<Item>>) -> *mut Item {
    item.map_or(ptr::null_mut(), NonNull::as_ptr)
}

/// The text that `write` writes, as a string that the caller frees; NULL without memory.
fn string(write: impl FnOnce(&mut Buffer)) -> *mut c_char {
    let mut buffer = Buffer::new();
    write(&mut buffer);
    let string = buffer.finish();
    if string.is_null() {
        Status::NoMemory.told();
    }
    string
}

/// A lookup, or NULL.
///
/// # Safety
///
/// 1, 3 and 4 of the [module](self).
#[inline]
unsafe fn lookup(table: *const Handle, hash: c_long, key: Value, key_type: c_uint) -> *mut Item {
    // SAFETY: 1 and 4.
    let (Some(table), Some(key)) = (unsafe { table.as_ref() }, Datum::new(key, key_type)) else {
        return ptr::null_mut();
    };
    // SAFETY: 3.
    pointer(unsafe { table.lookup(hash, key) })
}

/// A removal, or NULL.
///
/// # Safety
///
/// 1, 3 and 4 of the [module](self).
#[inline]
unsafe fn remove(table: *mut Handle, hash: c_long, key: Value, key_type: c_uint) -> *mut Item {
    // SAFETY: 1 and 4.
    let (Some(table), Some(key)) = (unsafe { table.as_mut() }, Datum::new(key, key_type)) else {
        return ptr::null_mut();
    };
    // SAFETY: 3.
    pointer(unsafe { table.remove(hash, key) })
}

exports! {
    fn ht_new(size: c_long, max_load_proportion: c_double) -> *mut Handle, or ptr::null_mut(); {
        match Handle::allocate(size, max_load_proportion) {
            Ok(table) => table.as_ptr(),
            Err(failure) => {
                failure.told();
                ptr::null_mut()
            }
        }
    }

    fn ht_free(table: *mut Handle) -> (), or (); {
        if let Some(table) = NonNull::new(table) {
            // SAFETY: 1 and 4.
            unsafe { Handle::free(table) }
        }
    }

    fn ht_add(
        table: *mut Handle,
        hash: c_long,
        key: Value,
        key_type: c_uint,
        value: Value,
        value_type: c_uint
    ) -> Status, or Status::Bug; {
        // SAFETY: 1 and 4.
        let table = unsafe { table.as_mut() };
        let (key, value) = (Datum::new(key, key_type), Datum::new(value, value_type));
        let (Some(table), Some(key), Some(value)) = (table, key, value) else {
            return Status::Invalid.told();
        };
        if key.is_null_string() {
            return Status::Invalid.told();
        }
        // SAFETY: 3.
        Status::from(unsafe { table.add(hash, key, value) }).told()
    }

    fn ht_lookup(table: *mut Handle, key: Value, key_type: c_uint) -> *mut Item, or ptr::null_mut(); {
        // SAFETY: 1, 3 and 4.
        unsafe { lookup(table, OWN_HASH, key, key_type) }
    }

    fn ht_lookup_by_hash(
        table: *mut Handle,
        hash: c_long,
        key: Value,
        key_type: c_uint
    ) -> *mut Item, or ptr::null_mut(); {
        // SAFETY: 1, 3 and 4.
        unsafe { lookup(table, hash, key, key_type) }
    }

    fn ht_remove(table: *mut Handle, key: Value, key_type: c_uint) -> *mut Item, or ptr::null_mut(); {
        // SAFETY: 1, 3 and 4.
        unsafe { remove(table, OWN_HASH, key, key_type) }
    }

    fn ht_remove_by_hash(
        table: *mut Handle,
        hash: c_long,
        key: Value,
        key_type: c_uint
    ) -> *mut Item, or ptr::null_mut(); {
        // SAFETY: 1, 3 and 4.
        unsafe { remove(table, hash, key, key_type) }
    }

    fn ht_item_free(item: *mut Item) -> (), or (); {
        if let Some(item) = NonNull::new(item) {
            // SAFETY: 2 and 4.
            unsafe { chunks::give_back(item) }
        }
    }

    fn ht_resize(table: *mut Handle) -> Status, or Status::Bug; {
        // SAFETY: 1 and 4.
        match unsafe { table.as_mut() } {
            None => Status::Invalid.told(),
            Some(table) => Status::from(table.resize()).told(),
        }
    }

    fn ht_max_load_reached(table: *const Handle) -> c_int, or 0; {
        // SAFETY: 1 and 4.
        unsafe { table.as_ref() }.is_some_and(Handle::is_full).into()
    }

    fn ht_hash(key: Value, key_type: c_uint) -> c_long, or 0; {
        // SAFETY: 3.
        Datum::new(key, key_type).map_or(0, |key| unsafe { talk_hash(key) })
    }

    fn ht_bin_index(hash: c_long, size: c_long) -> c_long, or 0; {
        if size > 0 { hash.rem_euclid(size) } else { 0 }
    }

    fn ht_equal(a: Value, a_type: c_uint, b: Value, b_type: c_uint) -> c_int, or 0; {
        match (Datum::new(a, a_type), Datum::new(b, b_type)) {
            // SAFETY: 3.
            (Some(a), Some(b)) => unsafe { a.equals(b) }.into(),
            _ => 0,
        }
    }

    fn ht_print(table: *const Handle) -> (), or (); {
        // SAFETY: 1 and 4.
        if let Some(table) = unsafe { table.as_ref() } {
            text::table(&mut Stdout, table);
        }
    }

    fn ht_print_simple(table: *const Handle) -> (), or (); {
        // SAFETY: 1 and 4.
        if let Some(table) = unsafe { table.as_ref() } {
            text::table_simple(&mut Stdout, table);
        }
    }

    fn ht_print_item(item: *const Item) -> (), or (); {
        // SAFETY: 2 and 4.
        text::item(&mut Stdout, unsafe { item.as_ref() });
    }

    fn ht_stringify(table: *const Handle) -> *mut c_char, or ptr::null_mut(); {
        // SAFETY: 1 and 4.
        let Some(table) = (unsafe { table.as_ref() }) else {
            Status::Invalid.told();
            return ptr::null_mut();
        };
        string(|buffer| text::table(buffer, table))
    }

    fn ht_stringify_simple(table: *const Handle) -> *mut c_char, or ptr::null_mut(); {
        // SAFETY: 1 and 4.
        let Some(table) = (unsafe { table.as_ref() }) else {
            Status::Invalid.told();
            return ptr::null_mut();
        };
        string(|buffer| text::table_simple(buffer, table))
    }

    fn ht_stringify_item(item: *const Item) -> *mut c_char, or ptr::null_mut(); {
        // SAFETY: 2 and 4.
        let item = unsafe { item.as_ref() };
        string(|buffer| text::item(buffer, item))
    }
}
