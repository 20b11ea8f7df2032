//! Every function of `include/hashtable.h`, in its order.
//!
//! Each checks what can be checked (NULL, type tags, sizes) and takes the rest on the header's word, which is
//! the safety contract of this file:
//!
//! 1. A table is NULL or from `ht_new`, `ht_create` or `ht_copy`, and not yet freed. (One that was freed is told
//!    by its mark as long as its memory is not used again: a help for those who break this, and not a promise.)
//! 2. An item is NULL or one that a table handed out, and not yet freed.
//! 3. A string is NULL or ends in a NUL; bytes are NULL or as many as they say. What a table is to adopt, and what
//!    the caller writes into an item, is malloc'ed besides.
//! 4. Nobody else changes the table or its items during the call.
//! 5. An out-parameter is NULL or a place for what it says; options and statistics have the size that they begin
//!    with.
//!
//! Callbacks are the caller's code in the middle of ours, and may use any table, this one included. So none is
//! called while a reference to a table or an item lives: a key is hashed before its table is looked at, and what
//! is to be destroyed is taken out first.

use super::boundary::exports;
use super::chunks;
use super::failure::{self, Status};
use super::handle::{Handle, Transfer};
use super::hash::{Hashing, talk_hash};
use super::item::{Datum, Item, State, Value};
use super::options::{COPY_KEY, COPY_VALUE, Options, Plan, Statistics};
use super::sought::{Integer, Key, Sought};
use super::text::{self, Buffer, Stdout};
use crate::hashes::Function;
use libc::{c_char, c_double, c_int, c_long, c_uint};
use std::ptr::{self, NonNull};

/// The hash that stands for "the table's own".
const OWN_HASH: c_long = c_long::MAX;

const VERSION: *const c_char = concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast();

/// The table, unless it is NULL or was freed.
///
/// # Safety
///
/// 1 and 4 of the [module](self); nobody changes the table for as long as it is looked at.
#[inline]
unsafe fn living<'a>(table: *const Handle) -> Option<&'a Handle> {
    // SAFETY: 1 and 4.
    unsafe { table.as_ref() }.filter(|table| table.is_living())
}

/// The table to change, unless it is NULL or was freed.
///
/// # Safety
///
/// 1 and 4 of the [module](self); nobody else looks at the table for as long as it may be changed.
#[inline]
unsafe fn living_mut<'a>(table: *mut Handle) -> Option<&'a mut Handle> {
    // SAFETY: 1 and 4.
    unsafe { table.as_mut() }.filter(|table| table.is_living())
}

/// What the caller means as a value, if it can be one.
///
/// # Safety
///
/// 3 of the [module](self).
#[inline]
unsafe fn value_from(value: Value, value_type: c_uint) -> Option<Datum> {
    // SAFETY: 3.
    Datum::new(value, value_type).filter(|value| unsafe { value.is_sound() })
}

/// The hash that the caller gave, or the table's own; `None` if there is no table.
///
/// # Safety
///
/// 1, 3 and 4 of the [module](self), and no reference to a table or an item is live.
#[inline]
unsafe fn full_hash(table: *const Handle, hash: c_long, key: &impl Key) -> Option<c_long> {
    // SAFETY: 1 and 4.
    let hashing = unsafe { living(table) }?.hashing();
    Some(match hashing {
        _ if hash != OWN_HASH => hash,
        // SAFETY: 3.
        Hashing::Native(Function::Talk) => unsafe { talk_hash(key.datum()) },
        other => {
            // The copy ends the reference to the table, which a callback may change.
            let copy = *other;
            // SAFETY: 3, and no reference is live.
            unsafe { copy.hash(key.datum()) }
        }
    })
}

/// Whether a key can be one under this hash: if it is the table's own, that may be for numbers alone. Asked late,
/// since to ask before the key is hashed takes 25 instructions more.
#[inline]
fn takes(living: &Handle, hash: c_long, key: Datum) -> bool {
    !key.is_text() || hash != OWN_HASH || living.hashing().takes_text()
}

/// The pointer, or NULL with `errno` set.
fn or_null<T>(result: Result<NonNull<T>, Status>) -> *mut T {
    match result {
        Ok(pointer) => pointer.as_ptr(),
        Err(failure) => {
            failure.told();
            ptr::null_mut()
        }
    }
}

/// A transfer by the caller's flags, if there are such flags.
fn transfer(flags: c_uint) -> Option<Transfer> {
    (flags & !(COPY_KEY | COPY_VALUE) == 0)
        .then_some(Transfer { copy_key: flags & COPY_KEY != 0, copy_value: flags & COPY_VALUE != 0 })
}

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
/// What takes no call is here: an integer, hashed at once, and found or missed [at a glance](Handle::glance). That is
/// a third of the instructions, and the fewer they are, the more lookups a processor has under way that wait for memory.
/// All else is done from its beginning, out of line.
///
/// # Safety
///
/// 1, 3 and 4 of the [module](self).
#[inline(always)]
unsafe fn lookup(table: *const Handle, hash: c_long, key: Value, key_type: c_uint) -> *mut Item {
    // SAFETY: 1, 3 and 4.
    unsafe {
        if let (Some(integer), Some(living)) = (Integer::new(key, key_type), living(table)) {
            let hash = if hash == OWN_HASH { living.hashing().at_once(&integer) } else { Some(hash) };
            if let Some(Ok(found)) = hash.map(|hash| living.glance(hash, integer)) {
                return pointer(found);
            }
        }
        pointer(lookup_key(table, hash, key, key_type))
    }
}

/// # Safety
///
/// 1, 3 and 4 of the [module](self).
#[inline(never)]
unsafe fn lookup_key(
    table: *const Handle,
    hash: c_long,
    key: Value,
    key_type: c_uint,
) -> Option<NonNull<Item>> {
    // SAFETY: 1, 3 and 4; the table is looked at once its hash callback is done.
    unsafe {
        if let Some(key) = Integer::new(key, key_type) {
            let hash = full_hash(table, hash, &key)?;
            return living(table)?.lookup(hash, key);
        }
        let key = Sought::new(key, key_type)?;
        let full_hash = full_hash(table, hash, &key)?;
        let (living, datum) = (living(table)?, key.datum());
        // Asked last of all: a miss is a miss under any hash.
        living.lookup(full_hash, key).filter(|_| takes(living, hash, datum))
    }
}

/// A removal, or NULL.
///
/// # Safety
///
/// 1, 3 and 4 of the [module](self).
#[inline]
unsafe fn remove(table: *mut Handle, hash: c_long, key: Value, key_type: c_uint) -> *mut Item {
    // SAFETY: 1, 3 and 4.
    pointer(unsafe {
        match Integer::new(key, key_type) {
            Some(integer) => remove_key(table, hash, integer),
            None => Sought::new(key, key_type).and_then(|key| remove_key(table, hash, key)),
        }
    })
}

/// # Safety
///
/// 1, 3 and 4 of the [module](self).
#[inline]
unsafe fn remove_key(table: *mut Handle, hash: c_long, key: impl Key) -> Option<NonNull<Item>> {
    // SAFETY: 1, 3 and 4; the table is looked at once its hash callback is done.
    unsafe {
        let full_hash = full_hash(table, hash, &key)?;
        living_mut(table).filter(|living| takes(living, hash, key.datum()))?.remove(full_hash, key)
    }
}

/// Adds or replaces.
///
/// # Safety
///
/// 1, 3 and 4 of the [module](self).
#[inline]
unsafe fn put(
    table: *mut Handle,
    hash: c_long,
    (key, key_type): (Value, c_uint),
    (value, value_type): (Value, c_uint),
    flags: c_uint,
) -> Result<(), Status> {
    // SAFETY: 3.
    let value = unsafe { value_from(value, value_type) }.ok_or(Status::Invalid)?;
    let transfer = transfer(flags).ok_or(Status::Invalid)?;
    // SAFETY: 1, 3 and 4.
    unsafe {
        match Integer::new(key, key_type) {
            Some(integer) => put_key(table, hash, integer, value, transfer),
            None => {
                let key = Sought::new(key, key_type).ok_or(Status::Invalid)?;
                put_key(table, hash, key, value, transfer)
            }
        }
    }
}

/// # Safety
///
/// 1, 3 and 4 of the [module](self).
#[inline]
unsafe fn put_key(
    table: *mut Handle,
    hash: c_long,
    key: impl Key,
    value: Datum,
    transfer: Transfer,
) -> Result<(), Status> {
    // SAFETY: 1, 3 and 4; the table is looked at once its hash callback is done.
    let full_hash = unsafe { full_hash(table, hash, &key) }.ok_or(Status::Invalid)?;
    // SAFETY: 1 and 4.
    let living = unsafe { living_mut(table) }.ok_or(Status::Invalid)?;
    if !takes(living, hash, key.datum()) {
        return Err(Status::Invalid);
    }
    // SAFETY: 3.
    let replaced = unsafe { living.add(full_hash, key, value, transfer) }?;
    if replaced.is_some() {
        let destroyer = living.destroyer();
        // SAFETY: the item has forgotten it, and the reference to the table is not used again.
        unsafe { destroyer.destroy(replaced) };
    }
    Ok(())
}

/// Finds or adds: the item, and whether it is new.
///
/// # Safety
///
/// 1, 3 and 4 of the [module](self).
#[inline]
unsafe fn upsert_key(
    table: *mut Handle,
    hash: c_long,
    key: impl Key,
    copy: bool,
) -> Result<(NonNull<Item>, bool), Status> {
    // SAFETY: 1, 3 and 4; the table is looked at once its hash callback is done.
    unsafe {
        let full_hash = full_hash(table, hash, &key).ok_or(Status::Invalid)?;
        let living = living_mut(table).ok_or(Status::Invalid)?;
        if !takes(living, hash, key.datum()) {
            return Err(Status::Invalid);
        }
        Ok(living.upsert(full_hash, key, copy)?)
    }
}

exports! {
    fn ht_new(size: c_long, max_load_proportion: c_double) -> *mut Handle, or ptr::null_mut(); {
        or_null(Plan::talk(size, max_load_proportion).and_then(|plan| Handle::allocate(&plan)))
    }

    fn ht_create(options: *const Options) -> *mut Handle, or ptr::null_mut(); {
        // SAFETY: 5.
        let options = unsafe { Options::read(options) };
        or_null(options.and_then(|options| options.plan()).and_then(|plan| Handle::allocate(&plan)))
    }

    fn ht_copy(table: *const Handle) -> *mut Handle, or ptr::null_mut(); {
        // SAFETY: 1 and 4.
        if unsafe { living(table) }.is_none() {
            return or_null(Err(Status::Invalid));
        }
        // SAFETY: 1 and 4; the reference above was used up.
        or_null(unsafe { Handle::copy(table) })
    }

    fn ht_free(table: *mut Handle) -> (), or (); {
        // SAFETY: 1 and 4.
        if let Some(table) = unsafe { living_mut(table) }.map(NonNull::from) {
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
        // SAFETY: 1, 3 and 4.
        Status::from(unsafe { put(table, hash, (key, key_type), (value, value_type), 0) }).told()
    }

    fn ht_put(
        table: *mut Handle,
        hash: c_long,
        key: Value,
        key_type: c_uint,
        value: Value,
        value_type: c_uint,
        flags: c_uint
    ) -> Status, or Status::Bug; {
        // SAFETY: 1, 3 and 4.
        Status::from(unsafe { put(table, hash, (key, key_type), (value, value_type), flags) }).told()
    }

    fn ht_upsert(
        table: *mut Handle,
        hash: c_long,
        key: Value,
        key_type: c_uint,
        flags: c_uint,
        item: *mut *mut Item,
        added: *mut c_int
    ) -> Status, or Status::Bug; {
        let (Some(transfer), false) = (transfer(flags), item.is_null()) else {
            return Status::Invalid.told();
        };
        // SAFETY: 1, 3 and 4.
        let done = unsafe {
            match Integer::new(key, key_type) {
                Some(integer) => upsert_key(table, hash, integer, transfer.copy_key),
                None => match Sought::new(key, key_type) {
                    Some(key) => upsert_key(table, hash, key, transfer.copy_key),
                    None => Err(Status::Invalid),
                },
            }
        };
        match done {
            Err(failure) => failure.told(),
            Ok((place, is_new)) => {
                // SAFETY: 5.
                unsafe {
                    item.write(place.as_ptr());
                    if !added.is_null() {
                        added.write(is_new.into());
                    }
                }
                Status::Ok
            }
        }
    }

    fn ht_set_value(
        table: *mut Handle,
        item: *mut Item,
        value: Value,
        value_type: c_uint,
        flags: c_uint
    ) -> Status, or Status::Bug; {
        // SAFETY: 1 to 4.
        let (living, item, value) = unsafe { (living(table), item.as_mut(), value_from(value, value_type)) };
        let (Some(living), Some(item), Some(value)) = (living, item, value) else {
            return Status::Invalid.told();
        };
        let (Some(transfer), false) = (transfer(flags), item.is(State::Vacant)) else {
            return Status::Invalid.told();
        };
        let destroyer = living.destroyer();
        // SAFETY: 3.
        let Ok(own) = (unsafe { value.owned(transfer.copy_value, [item.key(), item.value()]) }) else {
            return Status::NoMemory.told();
        };
        // SAFETY: 3; what is replaced is forgotten, and the references are not used again.
        unsafe {
            let replaced = item.replace(item.key(), own);
            destroyer.destroy(replaced);
        }
        Status::Ok
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

    fn ht_contains(table: *const Handle, key: Value, key_type: c_uint) -> c_int, or 0; {
        // SAFETY: 1, 3 and 4.
        (!unsafe { lookup(table, OWN_HASH, key, key_type) }.is_null()).into()
    }

    fn ht_next(table: *const Handle, cursor: *mut usize) -> *mut Item, or ptr::null_mut(); {
        // SAFETY: 1, 4 and 5.
        let (Some(table), Some(cursor)) = (unsafe { living(table) }, unsafe { cursor.as_mut() }) else {
            Status::Invalid.told();
            return ptr::null_mut();
        };
        let next = table.next(*cursor);
        *cursor = next.map_or(usize::MAX, |(slot, _)| slot + 1);
        pointer(next.map(|(_, item)| item))
    }

    fn ht_item_free(item: *mut Item) -> (), or (); {
        if let Some(item) = NonNull::new(item) {
            // SAFETY: 2 and 4.
            unsafe { chunks::give_back(item) }
        }
    }

    fn ht_clear(table: *mut Handle) -> (), or (); {
        // SAFETY: 1 and 4.
        if let Some(table) = unsafe { living_mut(table) } {
            // The items are out of C's reach, and the reference to the table is not used again.
            drop(table.take_all());
        }
    }

    fn ht_resize(table: *mut Handle) -> Status, or Status::Bug; {
        // SAFETY: 1 and 4.
        match unsafe { living_mut(table) } {
            None => Status::Invalid.told(),
            Some(table) => Status::from(table.resize()).told(),
        }
    }

    fn ht_reserve(table: *mut Handle, load: c_long) -> Status, or Status::Bug; {
        // SAFETY: 1 and 4.
        match (unsafe { living_mut(table) }, usize::try_from(load)) {
            (Some(table), Ok(load)) => Status::from(table.reserve(load)).told(),
            _ => Status::Invalid.told(),
        }
    }

    fn ht_shrink(table: *mut Handle) -> Status, or Status::Bug; {
        // SAFETY: 1 and 4.
        match unsafe { living_mut(table) } {
            None => Status::Invalid.told(),
            Some(table) => Status::from(table.shrink()).told(),
        }
    }

    fn ht_max_load_reached(table: *const Handle) -> c_int, or 0; {
        // SAFETY: 1 and 4.
        unsafe { living(table) }.is_some_and(Handle::is_full).into()
    }

    fn ht_hash(key: Value, key_type: c_uint) -> c_long, or 0; {
        // SAFETY: 3.
        unsafe { Sought::new(key, key_type).map_or(0, |key| talk_hash(key.datum())) }
    }

    fn ht_own_hash(table: *const Handle, key: Value, key_type: c_uint) -> c_long, or 0; {
        // SAFETY: 1, 3 and 4.
        unsafe { Sought::new(key, key_type).and_then(|key| full_hash(table, OWN_HASH, &key)) }.unwrap_or(0)
    }

    fn ht_bin_index(hash: c_long, size: c_long) -> c_long, or 0; {
        if size > 0 { hash.rem_euclid(size) } else { 0 }
    }

    fn ht_equal(a: Value, a_type: c_uint, b: Value, b_type: c_uint) -> c_int, or 0; {
        // SAFETY: 3.
        match unsafe { (value_from(a, a_type), value_from(b, b_type)) } {
            // SAFETY: 3.
            (Some(a), Some(b)) => unsafe { a.equals(b) }.into(),
            _ => 0,
        }
    }

    fn ht_print(table: *const Handle) -> (), or (); {
        // SAFETY: 1 and 4.
        if let Some(table) = unsafe { living(table) } {
            text::table(&mut Stdout, table);
        }
    }

    fn ht_print_simple(table: *const Handle) -> (), or (); {
        // SAFETY: 1 and 4.
        if let Some(table) = unsafe { living(table) } {
            text::table_simple(&mut Stdout, table);
        }
    }

    fn ht_print_item(item: *const Item) -> (), or (); {
        // SAFETY: 2 and 4.
        text::item(&mut Stdout, unsafe { item.as_ref() });
    }

    fn ht_stringify(table: *const Handle) -> *mut c_char, or ptr::null_mut(); {
        // SAFETY: 1 and 4.
        let Some(table) = (unsafe { living(table) }) else {
            Status::Invalid.told();
            return ptr::null_mut();
        };
        string(|buffer| text::table(buffer, table))
    }

    fn ht_stringify_simple(table: *const Handle) -> *mut c_char, or ptr::null_mut(); {
        // SAFETY: 1 and 4.
        let Some(table) = (unsafe { living(table) }) else {
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
    fn ht_stats(table: *const Handle, statistics: *mut Statistics) -> Status, or Status::Bug; {
        // SAFETY: 1 and 4.
        match unsafe { living(table) } {
            Some(table) if !statistics.is_null() => {
                // SAFETY: 5.
                Status::from(unsafe { Statistics::of(table).write(statistics) }).told()
            }
            _ => Status::Invalid.told(),
        }
    }

    fn ht_strerror(status: c_int) -> *const c_char, or ptr::null(); {
        failure::words(status).as_ptr()
    }

    fn ht_version() -> *const c_char, or ptr::null(); {
        VERSION
    }
}
