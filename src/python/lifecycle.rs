//! From birth to death: `tp_new`, `tp_init`, `tp_traverse`, `tp_clear`, `tp_dealloc`.
//!
//! The references that a table owns are its hash function (unless that is the builtin one) and each key and each
//! value. All are taken and given back in plain sight; here, and in [`methods`](super::methods) where an entry
//! comes or goes.

use super::api::{self, Wide};
use super::boundary;
use super::errors::{Raised, Result, no_memory, type_error};
use super::module::is_builtin_hash;
use super::nesting;
use super::object::{HashTableObject, Items, PyTable};
use super::refs::{Borrowed, Python};
use crate::table::{MaxLoad, NoMemory};
use pyo3_ffi::{
    Py_DECREF, Py_INCREF, Py_None, Py_TYPE, Py_XDECREF, PyArg_ParseTupleAndKeywords, PyCallable_Check,
    PyIndex_Check, PyLong_Check, PyObject, PyObject_ClearWeakRefs, PyObject_GC_UnTrack, PyTypeObject,
    visitproc,
};
use std::ffi::{CStr, c_char, c_int, c_void};
use std::mem::replace;
use std::num::NonZeroUsize;
use std::ptr::null_mut;

/// What `HashTable()` makes.
const DEFAULT_SIZE: NonZeroUsize = NonZeroUsize::new(4).unwrap();
const DEFAULT_MAX_LOAD: f64 = 0.5;

/// `tp_new`: makes an object that is a working table with the default parameters, whether or not `tp_init` is
/// ever called.
pub(super) unsafe extern "C" fn new(
    type_object: *mut PyTypeObject,
    _args: *mut PyObject,
    _kwargs: *mut PyObject,
) -> *mut PyObject {
    let mut object = null_mut();
    boundary::status(|_| {
        // First what can fail, so that there is nothing to undo.
        let table = PyTable::new(DEFAULT_SIZE, MaxLoad::new(DEFAULT_MAX_LOAD)).map_err(no_memory)?;
        // SAFETY: the type is ready, and has inherited this slot. The new object owns a reference to its type if
        // that is a subclass.
        object = unsafe { (*type_object).tp_alloc.ok_or(Raised)?(type_object, 0) };
        if object.is_null() {
            return Err(Raised);
        }
        // The collector tracks the object from here on, but cannot look at it before the next allocation.
        // SAFETY: it is fresh, and nobody has seen it.
        unsafe { HashTableObject::write_fields(object, table) };
        Ok(())
    });
    object
}

/// `tp_init`: `HashTable(size=4, max_load=0.5, hash_func=hash)`. May be called again, and then starts over with
/// an empty table. A failure changes nothing.
pub(super) unsafe extern "C" fn init(
    slf: *mut PyObject,
    args: *mut PyObject,
    kwargs: *mut PyObject,
) -> c_int {
    boundary::status(|py| {
        // SAFETY: the interpreter calls this on an instance of our type, with a tuple, and a dict or NULL.
        let (this, given) = unsafe { (HashTableObject::from_self(slf), Given::parse(args, kwargs)?) };
        // All that can fail, and all that can run Python code, comes before the first change.
        let size = given.size.map_or(Ok(DEFAULT_SIZE), |size| parse_size(py, size))?;
        let max_load = match given.max_load {
            Some(max_load) => parse_max_load(py, max_load)?,
            None => MaxLoad::new(DEFAULT_MAX_LOAD),
        };
        let hash_func = match given.hash_func {
            Some(hash_func) => parse_hash_func(py, hash_func)?,
            None => null_mut(),
        };
        let table = PyTable::new(size, max_load).map_err(no_memory)?;

        // SAFETY: `hash_func` is NULL, or one of the arguments, which the caller keeps alive until we return.
        unsafe {
            if !hash_func.is_null() {
                // +1: self owns hash_func until dealloc, or until the next __init__. The caller's reference is
                // only borrowed: without this line the function dies when the caller lets go of it.
                Py_INCREF(hash_func);
            }
        }
        let old_hash_func = this.hash_func.replace(hash_func);
        let mut old_table = replace(this.table_mut(py), table);
        this.generation.set(this.generation.get() + 1);

        // The object is whole again. Only now may Python code run, as it does when these references were the last.
        // SAFETY: both have left the object, and their references are given back once.
        unsafe {
            release_entries(old_table.clear());
            // -1: what the last __init__ took. After `tp_new` it is NULL.
            Py_XDECREF(old_hash_func);
        }
        Ok(())
    })
}

/// `tp_traverse`: shows the collector every reference that self owns. Changes no count. Without it a hash function
/// that knows its table, a cycle, would never be freed.
pub(super) unsafe extern "C" fn traverse(slf: *mut PyObject, visit: visitproc, arg: *mut c_void) -> c_int {
    // SAFETY: the collector runs inside an allocation, when nobody borrows a table, on objects that `tp_new` has
    // returned; `visit` neither runs Python code nor changes a table.
    unsafe {
        let py = Python::assume_attached();
        let this = HashTableObject::from_self(slf);
        for item in this.table(&py).store().iter() {
            for object in [item.key, item.value] {
                let stop = visit(object.as_ptr(), arg);
                if stop != 0 {
                    return stop;
                }
            }
        }
        match this.hash_func.get() {
            hash_func if hash_func.is_null() => 0,
            hash_func => visit(hash_func, arg),
        }
        // The type is static, and owned by nobody; a subclass visits its own type.
    }
}

/// `tp_clear`: the collector has found that self is part of a cycle that nobody else knows, and asks it to let go.
/// Self may still be used while the others go: it is an empty table then, with the builtin hash function.
pub(super) unsafe extern "C" fn clear(slf: *mut PyObject) -> c_int {
    boundary::status(|py| {
        // SAFETY: self is an object that `tp_new` has returned. What is given back has left it before.
        unsafe {
            let this = HashTableObject::from_self(slf);
            let hash_func = this.hash_func.replace(null_mut());
            let entries = this.table_mut(py).clear();
            this.generation.set(this.generation.get() + 1);
            release_entries(entries);
            // -1: what __init__ took.
            Py_XDECREF(hash_func);
        }
        Ok(())
    })
}

/// `tp_dealloc`: the last reference to self has gone.
pub(super) unsafe extern "C" fn dealloc(slf: *mut PyObject) {
    // SAFETY: nobody has a reference to self. The collector is told first, before anything is in pieces that it
    // might look at; then the weak references, while self is still whole, since their callbacks may run.
    unsafe {
        PyObject_GC_UnTrack(slf.cast());
        if !HashTableObject::from_self(slf).weak_references.get().is_null() {
            PyObject_ClearWeakRefs(slf);
        }
        nesting::take_apart(slf, finish);
    }
}

/// The rest of `tp_dealloc`: gives everything back.
///
/// # Safety
///
/// Nobody has a reference to `slf`, the collector does not track it, and this is called once.
unsafe fn finish(slf: *mut PyObject) {
    // A panic must not leave a slot. What it would leave behind is a leak, and the message on stderr.
    boundary::status(|py| {
        // SAFETY: self is ours alone. Its table moves out, so the memory of it is freed here and not twice.
        unsafe {
            let this = HashTableObject::from_self(slf);
            let hash_func = this.hash_func.get();
            release_entries(this.table_mut(py).clear());
            std::ptr::drop_in_place(this.table_mut(py));
            // -1: what __init__ took. Forget this line, and each table that dies leaves its hash function behind
            // for ever.
            Py_XDECREF(hash_func);
            // Back to where `tp_alloc` had it from. The type is asked, since a subclass may have its own.
            if let Some(free) = (*Py_TYPE(slf)).tp_free {
                free(slf.cast());
            }
        }
        Ok(())
    });
}

/// Gives back the references of entries that have left their table.
///
/// # Safety
///
/// The entries' references are given back nowhere else, and no table is borrowed.
unsafe fn release_entries(mut entries: Items) {
    while let Some(item) = entries.pop() {
        // SAFETY: -1 each: what the table took when the entry came in. The item has left the store too, so
        // whatever Python code runs in here finds nothing of it.
        unsafe {
            Py_DECREF(item.key.as_ptr());
            Py_DECREF(item.value.as_ptr());
        }
    }
}

/// The constructor's arguments, borrowed from its caller; `None` where one is not given.
struct Given<'a> {
    size: Option<Borrowed<'a>>,
    max_load: Option<Borrowed<'a>>,
    hash_func: Option<Borrowed<'a>>,
}

impl Given<'_> {
    /// # Safety
    ///
    /// `args` is a tuple and `kwargs` a dict or NULL, and both are kept by the caller for as long as the result
    /// is used.
    unsafe fn parse(args: *mut PyObject, kwargs: *mut PyObject) -> Result<Self> {
        let [mut size, mut max_load, mut hash_func]: [*mut PyObject; 3] = [null_mut(); 3];
        let mut names: [*mut c_char; 4] = [
            c"size".as_ptr().cast_mut(),
            c"max_load".as_ptr().cast_mut(),
            c"hash_func".as_ptr().cast_mut(),
            null_mut(),
        ];
        // SAFETY: "O" stores a borrowed reference, and there are as many places as there are O's and names.
        unsafe {
            let parsed = PyArg_ParseTupleAndKeywords(
                args,
                kwargs,
                c"|OOO:HashTable".as_ptr(),
                names.as_mut_ptr().cast(),
                &raw mut size,
                &raw mut max_load,
                &raw mut hash_func,
            );
            if parsed == 0 {
                return Err(Raised);
            }
            let given =
                |object: *mut PyObject| (!object.is_null()).then(|| Borrowed::assume_borrowed(object));
            Ok(Self { size: given(size), max_load: given(max_load), hash_func: given(hash_func) })
        }
    }
}

/// A positive integer, of any type that can say which. One that is too large for memory is a `MemoryError`, as it
/// is when there are "only" 2**62 bins.
fn parse_size(py: &mut Python, size: Borrowed<'_>) -> Result<NonZeroUsize> {
    const NO_SIZE: &CStr = c"size parameter must be a positive integer.";
    // SAFETY: the check reads the type of a live object.
    if unsafe { PyIndex_Check(size.as_ptr()) } == 0 {
        return Err(type_error(py, NO_SIZE));
    }
    let size = api::index(py, size)?;
    // SAFETY: `operator.index` returns nothing but ints.
    match unsafe { api::int_value(py, size.as_ptr()) } {
        Wide::Fits(size) if size > 0 => {
            usize::try_from(size).ok().and_then(NonZeroUsize::new).ok_or(NoMemory).map_err(no_memory)
        }
        Wide::TooHigh => Err(no_memory(NoMemory)),
        _ => Err(type_error(py, NO_SIZE)),
    }
}

/// A real number above 0 and up to 1, or `None` for a table that never resizes.
fn parse_max_load(py: &mut Python, max_load: Borrowed<'_>) -> Result<Option<MaxLoad>> {
    const NO_MAX_LOAD: &CStr = c"max_load parameter must be a float between 0.0 and 1.0.";
    let object = max_load.as_ptr();
    // SAFETY: the checks read the type of a live object.
    let (is_none, is_real, is_int) =
        unsafe { (object == Py_None(), is_real(object), PyLong_Check(object) != 0) };
    if is_none {
        return Ok(None);
    }
    if !is_real {
        return Err(type_error(py, NO_MAX_LOAD));
    }
    let proportion = match api::float_value(py, max_load) {
        Ok(proportion) => proportion,
        // An int that is too large for a float is too large for us. What a `__float__` raises is its own affair.
        Err(Raised) if is_int => return Err(type_error(py, NO_MAX_LOAD)),
        Err(raised) => return Err(raised),
    };
    match MaxLoad::new(proportion) {
        Some(max_load) if proportion <= 1.0 => Ok(Some(max_load)),
        _ => Err(type_error(py, NO_MAX_LOAD)),
    }
}

/// Whether `float(object)` makes sense for what is no string: the type has `__float__` or `__index__`.
///
/// # Safety
///
/// The object is alive.
unsafe fn is_real(object: *mut PyObject) -> bool {
    // SAFETY: the type of a live object is alive, and so are its method tables.
    unsafe {
        let numbers = (*Py_TYPE(object)).tp_as_number;
        PyIndex_Check(object) != 0 || (!numbers.is_null() && (*numbers).nb_float.is_some())
    }
}

/// A callable, borrowed; NULL if it is the builtin `hash`, which needs no Python call.
fn parse_hash_func(py: &mut Python, hash_func: Borrowed<'_>) -> Result<*mut PyObject> {
    // SAFETY: the check reads the type of a live object.
    if unsafe { PyCallable_Check(hash_func.as_ptr()) } == 0 {
        return Err(type_error(py, c"hash_func must be callable."));
    }
    if is_builtin_hash(py, hash_func)? {
        return Ok(null_mut());
    }
    Ok(hash_func.as_ptr())
}
