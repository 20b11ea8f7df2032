//! Pickle, `copy.copy` and `copy.deepcopy`, which all ask an object how to make another like it.
//!
//! The answer is: make an empty table of this class with these parameters, give it this state (what a subclass's
//! instance holds besides), and then these items. No hash is in it, since hashes differ between processes; and
//! the size is the one that the table has, so that it does not grow again while it is filled.

use super::errors::{Result, type_error};
use super::iterators;
use super::object::This;
use super::refs::{Borrowed, Owned, Python};
use super::{api, boundary, lifecycle};
use pyo3_ffi::{
    METH_FASTCALL, Py_TYPE, Py_ssize_t, PyDict_New, PyDict_SetItem, PyMethodDef, PyMethodDefPointer,
    PyObject, PyType_Check, PyType_IsSubtype,
};

/// `__reduce__()`. `__reduce_ex__` is `object`'s, which comes here, or to what a subclass has in its place.
pub(super) unsafe extern "C" fn reduce(slf: *mut PyObject, _: *mut PyObject) -> *mut PyObject {
    // SAFETY: the interpreter calls this on an instance of our type.
    unsafe { boundary::method(slf, reduction) }
}

fn reduction(py: &mut Python, this: This<'_>) -> Result<Owned> {
    // SAFETY: self keeps its type alive.
    let class = unsafe { Borrowed::assume_borrowed(Py_TYPE(this.as_object().as_ptr()).cast()) };
    let size = api::int(py, this.table(py).size())?;
    let max_load = match this.table(py).max_load() {
        Some(max_load) => api::float(py, max_load.proportion())?,
        None => api::none(py),
    };
    let hash_func = lifecycle::hash_func_of(py, this)?;
    let class = class.to_owned(py);
    let parameters = api::tuple(py, [class, size, max_load, hash_func])?;
    let restore = api::import(py, c"hashtable", c"_restore")?;
    let state = if this.is_exact() { api::none(py) } else { state_of(py, this)? };
    let items = iterators::items(py, this)?;
    let none = api::none(py);
    api::tuple(py, [restore, parameters, state, none, items])
}

/// What an instance of a subclass holds besides the table: its `__dict__` and its slots, in the form that pickle
/// knows.
fn state_of(py: &mut Python, this: This<'_>) -> Result<Owned> {
    // From 3.11 every object says so itself; before, a class that wants to.
    if let Some(get_state) = api::optional_attribute(py, this.as_object(), c"__getstate__")? {
        return api::call_with_none(py, get_state.as_borrowed());
    }
    let dict = match api::optional_attribute(py, this.as_object(), c"__dict__")? {
        Some(dict) => dict,
        None => api::none(py),
    };
    // SAFETY: self keeps its type alive.
    let class = unsafe { Borrowed::assume_borrowed(Py_TYPE(this.as_object().as_ptr()).cast()) };
    let slot_names = api::import(py, c"copyreg", c"_slotnames")?;
    let slot_names = api::call(py, slot_names.as_borrowed(), class)?;
    // SAFETY: returns a new reference or raises.
    let slots = unsafe { Owned::assume_new(PyDict_New()) }?;
    let mut any = false;
    let names = api::iter(py, slot_names.as_borrowed())?;
    let getattr = api::import(py, c"builtins", c"getattr")?;
    let hasattr = api::import(py, c"builtins", c"hasattr")?;
    while let Some(name) = api::next(py, &names)? {
        let has = api::call_with_two(py, hasattr.as_borrowed(), this.as_object(), name.as_borrowed())?;
        // SAFETY: `hasattr` returns one of the two bools.
        if unsafe { has.as_ptr() != pyo3_ffi::Py_True() } {
            continue;
        }
        let value = api::call_with_two(py, getattr.as_borrowed(), this.as_object(), name.as_borrowed())?;
        // SAFETY: it is a dict; the call takes references of its own.
        api::succeeded(unsafe { PyDict_SetItem(slots.as_ptr(), name.as_ptr(), value.as_ptr()) })?;
        any = true;
    }
    if any { api::tuple(py, [dict, slots]) } else { Ok(dict) }
}

/// The functions of the module, which a row of zeroes ends.
pub(super) const FUNCTIONS: [PyMethodDef; 2] = [
    PyMethodDef {
        ml_name: c"_restore".as_ptr(),
        ml_meth: PyMethodDefPointer { PyCFunctionFast: restore },
        ml_flags: METH_FASTCALL,
        ml_doc: c"_restore(class, size, max_load, hash_func, /)
--

An empty table of this class, without a call of its __init__. For pickle."
            .as_ptr(),
    },
    PyMethodDef::zeroed(),
];

unsafe extern "C" fn restore(
    _module: *mut PyObject,
    args: *mut *mut PyObject,
    nargs: Py_ssize_t,
) -> *mut PyObject {
    // SAFETY: the interpreter calls this as METH_FASTCALL.
    let args = unsafe { super::arguments::Arguments::new(args, nargs) };
    boundary::object(|py| {
        let [class, size, max_load, hash_func] = args.exactly(py, c"_restore")?;
        // SAFETY: the checks read the type of a live object, which is a type when it is cast to one.
        let is_ours = unsafe {
            PyType_Check(class.as_ptr()) != 0
                && PyType_IsSubtype(class.as_ptr().cast(), super::type_object::HASH_TABLE_TYPE.as_ptr()) != 0
        };
        if !is_ours {
            return Err(type_error(py, c"_restore expected HashTable or a subclass"));
        }
        lifecycle::make(py, class, [size, max_load, hash_func]).map(Some)
    })
}
