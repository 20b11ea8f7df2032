//! What Python programs call: `set`, `get`, `pop`, `repr`.

use super::errors::{Raised, Result, key_error, no_memory, type_error};
use super::hashing::hash_key;
use super::lookup::{Place, find};
use super::object::{HashTableObject, Item, PyTable};
use super::refs::{Borrowed, Owned, Python};
use super::{api, boundary};
use crate::table::NoMemory;
use pyo3_ffi::{
    METH_FASTCALL, Py_INCREF, Py_ssize_t, PyCFunctionFast, PyMethodDef, PyMethodDefPointer, PyObject,
};
use std::ffi::{CStr, CString};
use std::mem::replace;
use std::ptr::NonNull;

/// `tp_methods`, which a row of zeroes ends.
pub(super) const METHODS: [PyMethodDef; 4] = [
    fastcall(
        c"set",
        set,
        c"set($self, key, value, /)
--

Map key to value.

A new key goes to the tail of its bin's chain; if the load would exceed the
maximum, the bins are doubled first. An equal key keeps its place, and the key
object that is already there stays; only the value changes.

The table keeps a reference to both. Calls the hash function once. Raises what
it raises, TypeError for a key that the default hash function does not accept,
and MemoryError if the table cannot grow; the table is then as it was.",
    ),
    fastcall(
        c"get",
        get,
        c"get($self, key, default=None, /)
--

Return the value for key, or default if key is not in the table.

What comes back is the very object that was set. Calls the hash function once.",
    ),
    // Two signatures in one: a text signature can only say the second.
    fastcall(
        c"pop",
        pop,
        c"pop(key[, default])

Remove key and return its value.

If key is not in the table, return default if it is given, else raise KeyError.
Calls the hash function once. The number of bins never shrinks. Needs no memory.",
    ),
    PyMethodDef::zeroed(),
];

const fn fastcall(name: &'static CStr, function: PyCFunctionFast, doc: &'static CStr) -> PyMethodDef {
    PyMethodDef {
        ml_name: name.as_ptr(),
        ml_meth: PyMethodDefPointer { PyCFunctionFast: function },
        ml_flags: METH_FASTCALL,
        ml_doc: doc.as_ptr(),
    }
}

unsafe extern "C" fn set(slf: *mut PyObject, args: *mut *mut PyObject, nargs: Py_ssize_t) -> *mut PyObject {
    // SAFETY: the interpreter calls this as METH_FASTCALL, on an instance of our type.
    let (this, args) = unsafe { (HashTableObject::from_self(slf), Arguments::new(args, nargs)) };
    boundary::object(|py| {
        let [key, value] = args.exactly(py, "set")?;
        insert(py, this, key, value)?;
        Ok(api::none(py))
    })
}

unsafe extern "C" fn get(slf: *mut PyObject, args: *mut *mut PyObject, nargs: Py_ssize_t) -> *mut PyObject {
    // SAFETY: as in `set`.
    let (this, args) = unsafe { (HashTableObject::from_self(slf), Arguments::new(args, nargs)) };
    boundary::object(|py| {
        let (key, default) = args.one_or_two(py, "get")?;
        match (value_of(py, this, key)?, default) {
            (Some(value), _) => Ok(value),
            (None, Some(default)) => Ok(default.to_owned(py)),
            (None, None) => Ok(api::none(py)),
        }
    })
}

unsafe extern "C" fn pop(slf: *mut PyObject, args: *mut *mut PyObject, nargs: Py_ssize_t) -> *mut PyObject {
    // SAFETY: as in `set`.
    let (this, args) = unsafe { (HashTableObject::from_self(slf), Arguments::new(args, nargs)) };
    boundary::object(|py| {
        let (key, default) = args.one_or_two(py, "pop")?;
        match (remove(py, this, key)?, default) {
            (Some(value), _) => Ok(value),
            (None, Some(default)) => Ok(default.to_owned(py)),
            (None, None) => Err(key_error(py, key)),
        }
    })
}

/// `tp_repr`: the picture. One line a bin.
pub(super) unsafe extern "C" fn repr(slf: *mut PyObject) -> *mut PyObject {
    // SAFETY: the interpreter calls this on an instance of our type.
    let this = unsafe { HashTableObject::from_self(slf) };
    boundary::object(|py| {
        let text = picture(this.table(py)).map_err(no_memory)?;
        api::string(py, &text)
    })
}

/// Maps `key` to `value`.
fn insert(py: &mut Python, this: &HashTableObject, key: Borrowed<'_>, value: Borrowed<'_>) -> Result<()> {
    let key = hash_key(py, this, key)?;
    match find(py, this, &key)? {
        Place::Found(slot) => {
            let item = this.table_mut(py).entry_mut(slot);
            // +1: the table owns the new value.
            // SAFETY: the caller's reference keeps the value alive until here.
            unsafe { Py_INCREF(value.as_ptr()) };
            let old = replace(&mut item.value, as_non_null(value));
            // -1: the table has let go of the old value. Last, when the table is whole again and no longer
            // borrowed: the old value's end may run Python code.
            // SAFETY: the reference was the entry's, and the entry no longer has it.
            drop(unsafe { Owned::assume_ours(old) });
        }
        Place::Missing(vacancy) => {
            let room = this.table_mut(py).make_room(vacancy).map_err(no_memory)?;
            // +1 each: the table owns its keys and values. Only now, when nothing can fail any more.
            // SAFETY: the caller's references keep both alive until here.
            unsafe {
                Py_INCREF(key.object.as_ptr());
                Py_INCREF(value.as_ptr());
            }
            room.fill(Item::new(key.hash, key.kind, as_non_null(key.object), as_non_null(value)));
        }
    }
    Ok(())
}

/// A new reference to the value for `key`.
fn value_of(py: &mut Python, this: &HashTableObject, key: Borrowed<'_>) -> Result<Option<Owned>> {
    let key = hash_key(py, this, key)?;
    Ok(match find(py, this, &key)? {
        Place::Found(slot) => {
            let value = this.table(py).entry(slot).value;
            // +1: the table's reference is only borrowed; the caller gets one of its own.
            // SAFETY: the table's reference is good: no Python code has run since `find`.
            Some(unsafe { Borrowed::assume_borrowed(value.as_ptr()) }.to_owned(py))
        }
        Place::Missing(_) => None,
    })
}

/// Takes `key` out, and hands on the table's reference to its value.
fn remove(py: &mut Python, this: &HashTableObject, key: Borrowed<'_>) -> Result<Option<Owned>> {
    let key = hash_key(py, this, key)?;
    Ok(match find(py, this, &key)? {
        Place::Found(slot) => {
            let item = this.table_mut(py).remove(slot);
            // SAFETY: the item has left the table, and its references are taken over once.
            let (key, value) = unsafe { (Owned::assume_ours(item.key), Owned::assume_ours(item.value)) };
            // -1: the key, which nobody gets. The value's reference was the table's and is now the caller's: no
            // count changes.
            drop(key);
            Some(value)
        }
        Place::Missing(_) => None,
    })
}

/// `[]`, and a `*` for each entry in the chain; one line a bin.
fn picture(table: &PyTable) -> std::result::Result<Vec<u8>, NoMemory> {
    const BIN: &[u8] = b"\n[]";
    let length = table.size().checked_mul(BIN.len()).and_then(|bins| bins.checked_add(table.load()));
    let mut text = Vec::new();
    text.try_reserve_exact(length.ok_or(NoMemory)?).map_err(|_| NoMemory)?;
    for bin in 0..table.size() {
        text.extend_from_slice(if bin == 0 { &BIN[1..] } else { BIN });
        text.extend(table.chain(bin).map(|_| b'*'));
    }
    Ok(text)
}

fn as_non_null(object: Borrowed<'_>) -> NonNull<PyObject> {
    NonNull::new(object.as_ptr()).expect("a reference is never NULL")
}

/// The positional arguments of a method.
struct Arguments<'a>(&'a [Borrowed<'a>]);

impl<'a> Arguments<'a> {
    /// # Safety
    ///
    /// `args` and `nargs` are those of a `METH_FASTCALL` call that lasts for `'a`: the caller's references to the
    /// arguments, kept until it returns.
    #[inline]
    unsafe fn new(args: *mut *mut PyObject, nargs: Py_ssize_t) -> Self {
        if nargs == 0 {
            return Self(&[]);
        }
        // SAFETY: a `Borrowed` is a pointer that is not NULL, and so is each argument.
        Self(unsafe { std::slice::from_raw_parts(args.cast(), nargs as usize) })
    }

    /// Exactly `N` of them.
    #[inline]
    fn exactly<const N: usize>(&self, py: &mut Python, method: &str) -> Result<[Borrowed<'a>; N]> {
        self.0.try_into().map_err(|_| self.wrong_number(py, method, N, N))
    }

    /// One, and perhaps a second.
    #[inline]
    fn one_or_two(&self, py: &mut Python, method: &str) -> Result<(Borrowed<'a>, Option<Borrowed<'a>>)> {
        match *self.0 {
            [first] => Ok((first, None)),
            [first, second] => Ok((first, Some(second))),
            _ => Err(self.wrong_number(py, method, 1, 2)),
        }
    }

    /// `TypeError`, in CPython's own words.
    #[cold]
    fn wrong_number(&self, py: &mut Python, method: &str, min: usize, max: usize) -> Raised {
        let got = self.0.len();
        let bound = match () {
            () if min == max => "",
            () if got < min => "at least ",
            () => "at most ",
        };
        let number = if got < min { min } else { max };
        let plural = if number == 1 { "" } else { "s" };
        let text = format!("{method} expected {bound}{number} argument{plural}, got {got}");
        type_error(py, &CString::new(text).unwrap_or_default())
    }
}
