//! Live views: `keys()`, `values()`, `items()`.
//!
//! A view holds a reference to its table and nothing else, so it always shows what is there now. What can be done
//! with a dict's views can be done with these. Where the answer is a set, it is Python's `set`, which takes `1`
//! and `1.0` for one and the same; tests of membership, and so the comparisons, go by the table's own rule.

use super::api::{self, Turns};
use super::errors::Result;
use super::hashing::hash_key;
use super::iterators::{Direction, NO_INSTANTIATION, Show, over};
use super::lifecycle::copy_object;
use super::merge::same_value;
use super::object::This;
use super::operations::{contains, remove_hashed, value_of};
use super::refs::{Borrowed, Owned, Python};
use super::type_object::{Static, StaticType, flags};
use super::{boundary, lock};
use pyo3_ffi::{
    METH_NOARGS, METH_O, Py_EQ, Py_GE, Py_GT, Py_LE, Py_LT, Py_NE, Py_ReprEnter, Py_ReprLeave,
    Py_TPFLAGS_DEFAULT, Py_TPFLAGS_HAVE_GC, Py_TYPE, Py_ssize_t, PyAnySet_Check, PyDictProxy_New,
    PyGetSetDef, PyMethodDef, PyMethodDefPointer, PyNumberMethods, PyObject, PyObject_GC_Del,
    PyObject_GC_UnTrack, PyObject_HEAD_INIT, PyObject_HashNotImplemented, PyObject_Size, PySequence_Contains,
    PySequence_List, PySequenceMethods, PySet_Add, PySet_New, PyTuple_Check, PyTuple_GetItem, PyTuple_Size,
    PyType_GenericAlloc, PyTypeObject, PyUnicode_FromFormat, PyVarObject, visitproc,
};
use std::cell::UnsafeCell;
use std::ffi::{CStr, c_int, c_void};
use std::mem::zeroed;
use std::ptr::{null, null_mut};

#[repr(C)]
struct ViewObject {
    head: UnsafeCell<PyObject>,
    /// Owned, until dealloc.
    table: *mut PyObject,
}

/// `keys()` of a table.
pub(super) unsafe extern "C" fn keys(slf: *mut PyObject, _: *mut PyObject) -> *mut PyObject {
    // SAFETY: the interpreter calls this on an instance of our type.
    unsafe { boundary::method(slf, |py, this| of(py, this, &KEYS_TYPE)) }
}

/// `values()` of a table.
pub(super) unsafe extern "C" fn values(slf: *mut PyObject, _: *mut PyObject) -> *mut PyObject {
    // SAFETY: the interpreter calls this on an instance of our type.
    unsafe { boundary::method(slf, |py, this| of(py, this, &VALUES_TYPE)) }
}

/// `items()` of a table.
pub(super) unsafe extern "C" fn items(slf: *mut PyObject, _: *mut PyObject) -> *mut PyObject {
    // SAFETY: the interpreter calls this on an instance of our type.
    unsafe { boundary::method(slf, |py, this| of(py, this, &ITEMS_TYPE)) }
}

/// A view of a table: a new reference.
fn of(py: &mut Python, this: This<'_>, class: &StaticType) -> Result<Owned> {
    // SAFETY: the type is ready, and its instances have room for the field, which is written before anyone sees the
    // object.
    unsafe {
        let object = Owned::assume_new(PyType_GenericAlloc(class.as_ptr(), 0))?;
        // +1: the view owns its table until dealloc.
        (&raw mut (*object.as_ptr().cast::<ViewObject>()).table)
            .write(this.as_object().to_owned(py).into_kept());
        Ok(object)
    }
}

/// What a view shows; `None` if it is none of ours.
fn shown(object: Borrowed<'_>) -> Option<Show> {
    // SAFETY: the object is alive.
    let class = unsafe { Py_TYPE(object.as_ptr()) };
    [(&KEYS_TYPE, Show::Keys), (&VALUES_TYPE, Show::Values), (&ITEMS_TYPE, Show::Items)]
        .into_iter()
        .find_map(|(view, show)| (view.as_ptr() == class).then_some(show))
}

/// The table of a view, borrowed from the view.
///
/// # Safety
///
/// `slf` is a view, which the caller keeps alive for `'a`.
unsafe fn table_of<'a>(slf: *mut PyObject) -> Borrowed<'a> {
    // SAFETY: the caller's obligation. A view keeps its table alive, and never changes it for another.
    unsafe { Borrowed::assume_borrowed((*slf.cast::<ViewObject>()).table) }
}

/// Does something with the table of a view, whose lock is held.
///
/// # Safety
///
/// `slf` is a view, which the caller keeps alive.
unsafe fn on_table<T>(
    py: &mut Python,
    slf: *mut PyObject,
    body: impl FnOnce(&mut Python, This<'_>) -> Result<T>,
) -> Result<T> {
    // SAFETY: the caller's obligation.
    let table = unsafe { table_of(slf) }.as_ptr();
    lock::with(py, table, |py| {
        // SAFETY: it is a table, and its lock is held.
        body(py, unsafe { This::assume_locked(table) })
    })
}

/// `sq_length`.
unsafe extern "C" fn length(slf: *mut PyObject) -> Py_ssize_t {
    // SAFETY: the interpreter calls this on a view.
    boundary::number(|py| unsafe { on_table(py, slf, |py, this| Ok(this.table(py).load())) })
}

/// `tp_iter`.
unsafe extern "C" fn iter(slf: *mut PyObject) -> *mut PyObject {
    // SAFETY: the interpreter calls this on a view.
    boundary::object(|py| unsafe { iterate(py, slf, Direction::Forward) })
}

/// `__reversed__()`.
unsafe extern "C" fn reversed(slf: *mut PyObject, _: *mut PyObject) -> *mut PyObject {
    // SAFETY: the interpreter calls this on a view.
    boundary::object(|py| unsafe { iterate(py, slf, Direction::Reverse) })
}

/// # Safety
///
/// `slf` is a view, which the caller keeps alive.
unsafe fn iterate(py: &mut Python, slf: *mut PyObject, direction: Direction) -> Result<Option<Owned>> {
    // SAFETY: the caller's obligation.
    unsafe {
        let show = shown(Borrowed::assume_borrowed(slf)).unwrap_or(Show::Keys);
        on_table(py, slf, |py, this| over(py, this, show, direction)).map(Some)
    }
}

/// `sq_contains` of a view of keys.
unsafe extern "C" fn keys_contain(slf: *mut PyObject, key: *mut PyObject) -> c_int {
    // SAFETY: the interpreter calls this on a view, and keeps the key alive.
    truth(|py| unsafe { on_table(py, slf, |py, this| contains(py, this, Borrowed::assume_borrowed(key))) })
}

/// `sq_contains` of a view of items: whether the key is there, with an equal value.
unsafe extern "C" fn items_contain(slf: *mut PyObject, item: *mut PyObject) -> c_int {
    // SAFETY: the interpreter calls this on a view, and keeps the item alive, which keeps what is in it alive.
    truth(|py| unsafe {
        if PyTuple_Check(item) == 0 || PyTuple_Size(item) != 2 {
            return Ok(false);
        }
        let key = Borrowed::assume_borrowed(PyTuple_GetItem(item, 0));
        let value = Borrowed::assume_borrowed(PyTuple_GetItem(item, 1));
        match on_table(py, slf, |py, this| value_of(py, this, key))? {
            Some(ours) => api::equal(py, ours.as_borrowed(), value),
            None => Ok(false),
        }
    })
}

fn truth(body: impl FnOnce(&mut Python) -> Result<bool>) -> c_int {
    boundary::number(|py| body(py).map(usize::from)) as c_int
}

/// `tp_repr`: the name of the view and a list of what it shows.
unsafe extern "C" fn repr(slf: *mut PyObject) -> *mut PyObject {
    boundary::object(|py| {
        // SAFETY: the interpreter calls this on a view. A view that is on its way already, being a value of its
        // own table, is three dots.
        unsafe {
            match Py_ReprEnter(slf) {
                0 => {}
                1.. => return api::string(py, b"...").map(Some),
                _ => return Err(super::errors::Raised),
            }
            let text = describe(py, slf);
            Py_ReprLeave(slf);
            text.map(Some)
        }
    })
}

/// # Safety
///
/// `slf` is a view, which the caller keeps alive.
unsafe fn describe(_: &mut Python, slf: *mut PyObject) -> Result<Owned> {
    // SAFETY: both calls return a new reference or raise; `%R` is the repr of the list, and the type's name, without
    // its module, lives as long as the type.
    unsafe {
        let list = Owned::assume_new(PySequence_List(slf))?;
        let name = (*Py_TYPE(slf)).tp_name.add(c"hashtable.".count_bytes());
        Owned::assume_new(PyUnicode_FromFormat(c"%s(%R)".as_ptr(), name, list.as_ptr()))
    }
}

/// `mapping`: a read-only proxy of the table.
unsafe extern "C" fn mapping(slf: *mut PyObject, _: *mut c_void) -> *mut PyObject {
    // SAFETY: the descriptor checks that `slf` is a view. Returns a new reference or raises.
    boundary::object(|_| unsafe { Owned::assume_new(PyDictProxy_New(table_of(slf).as_ptr())).map(Some) })
}

/// `isdisjoint(other)`.
unsafe extern "C" fn isdisjoint(slf: *mut PyObject, other: *mut PyObject) -> *mut PyObject {
    boundary::object(|py| {
        // SAFETY: the interpreter calls this on a view, and keeps the other alive.
        let (view, other) = unsafe { (Borrowed::assume_borrowed(slf), Borrowed::assume_borrowed(other)) };
        let items = api::iter(py, other)?;
        let mut turns = Turns::default();
        while let Some(item) = api::next(py, &items)? {
            turns.next(py)?;
            if holds(py, view, item.as_borrowed())? {
                return Ok(Some(api::bool(py, false)));
            }
        }
        Ok(Some(api::bool(py, true)))
    })
}

/// `item in container`.
fn holds(_: &mut Python, container: Borrowed<'_>, item: Borrowed<'_>) -> Result<bool> {
    // SAFETY: both are kept alive by their owners during the call.
    api::truth(unsafe { PySequence_Contains(container.as_ptr(), item.as_ptr()) })
}

/// `len(container)`.
fn len(_: &mut Python, container: Borrowed<'_>) -> Result<usize> {
    // SAFETY: it is kept alive by its owner during the call.
    api::length(unsafe { PyObject_Size(container.as_ptr()) })
}

/// Whether `inner` has no item that `outer` lacks.
fn is_subset(py: &mut Python, inner: Borrowed<'_>, outer: Borrowed<'_>) -> Result<bool> {
    let items = api::iter(py, inner)?;
    let mut turns = Turns::default();
    while let Some(item) = api::next(py, &items)? {
        turns.next(py)?;
        if !holds(py, outer, item.as_borrowed())? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// `tp_richcompare` of views of keys and items: as sets, with anything that is a set.
unsafe extern "C" fn rich_compare(slf: *mut PyObject, other: *mut PyObject, op: c_int) -> *mut PyObject {
    boundary::object(|py| {
        // SAFETY: the interpreter calls this on a view, and keeps both operands alive.
        let (view, other) = unsafe { (Borrowed::assume_borrowed(slf), Borrowed::assume_borrowed(other)) };
        if !is_set(py, other)? {
            return Ok(Some(api::not_implemented(py)));
        }
        let (ours, theirs) = (len(py, view)?, len(py, other)?);
        let answer = match op {
            // What is asked is always whether our table holds it: that is where the table's rule is.
            Py_EQ => ours == theirs && is_subset(py, other, view)?,
            Py_NE => ours != theirs || !is_subset(py, other, view)?,
            Py_LT => ours < theirs && is_subset(py, view, other)?,
            Py_LE => ours <= theirs && is_subset(py, view, other)?,
            Py_GT => ours > theirs && is_subset(py, other, view)?,
            Py_GE => ours >= theirs && is_subset(py, other, view)?,
            _ => return Ok(Some(api::not_implemented(py))),
        };
        Ok(Some(api::bool(py, answer)))
    })
}

/// Whether `object` is a set: a set, a view like ours, or what `collections.abc` says is one.
fn is_set(py: &mut Python, object: Borrowed<'_>) -> Result<bool> {
    // SAFETY: the object is alive; the check reads its type.
    if unsafe { PyAnySet_Check(object.as_ptr()) } != 0 {
        return Ok(true);
    }
    match shown(object) {
        Some(show) => Ok(show != Show::Values),
        None => {
            let class = api::import(py, c"collections.abc", c"Set")?;
            api::is_instance(py, object, class.as_borrowed())
        }
    }
}

/// A set of what `left` holds, changed by its `method` with `right`.
///
/// # Safety
///
/// The caller keeps both alive.
unsafe fn as_set(left: *mut PyObject, method: &CStr, right: *mut PyObject) -> *mut PyObject {
    boundary::object(|py| {
        // SAFETY: the caller's obligation. A new set, or NULL with an exception set.
        let (set, right) = unsafe { (Owned::assume_new(PySet_New(left))?, Borrowed::assume_borrowed(right)) };
        api::call_method(py, set.as_borrowed(), method, right)?;
        Ok(Some(set))
    })
}

// Either operand may be the view, as for every binary slot. All that is asked of the other is that it can be iterated.

unsafe extern "C" fn and(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject {
    boundary::object(|py| {
        // SAFETY: the interpreter keeps both operands alive. A new set, or NULL with an exception set.
        let (left, right, both) = unsafe {
            let both = Owned::assume_new(PySet_New(null_mut()))?;
            (Borrowed::assume_borrowed(left), Borrowed::assume_borrowed(right), both)
        };
        // As a dict's view: only what both hold has to be fit for a set.
        let (view, other) = if shown(left).is_some() { (left, right) } else { (right, left) };
        let items = api::iter(py, other)?;
        let mut turns = Turns::default();
        while let Some(item) = api::next(py, &items)? {
            turns.next(py)?;
            if holds(py, view, item.as_borrowed())? {
                // SAFETY: both are ours during the call, which takes a reference of its own.
                api::succeeded(unsafe { PySet_Add(both.as_ptr(), item.as_ptr()) })?;
            }
        }
        Ok(Some(both))
    })
}

unsafe extern "C" fn or(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject {
    // SAFETY: the interpreter keeps both operands alive.
    unsafe { as_set(left, c"update", right) }
}

unsafe extern "C" fn subtract(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject {
    // SAFETY: the interpreter keeps both operands alive.
    unsafe { as_set(left, c"difference_update", right) }
}

unsafe extern "C" fn xor(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject {
    // SAFETY: the interpreter keeps both operands alive.
    unsafe {
        if are_items(Borrowed::assume_borrowed(left), Borrowed::assume_borrowed(right)) {
            return boundary::object(|py| {
                items_of_one_alone(py, table_of(left), Borrowed::assume_borrowed(right)).map(Some)
            });
        }
        as_set(left, c"symmetric_difference_update", right)
    }
}

/// Whether these are a view of our items, and one of ours or of a dict's.
#[cfg(Py_3_10)]
fn are_items(left: Borrowed<'_>, right: Borrowed<'_>) -> bool {
    // SAFETY: the object is alive; the check reads its type.
    let dicts = || unsafe { pyo3_ffi::PyDictItems_Check(right.as_ptr()) != 0 };
    shown(left) == Some(Show::Items) && (shown(right) == Some(Show::Items) || dicts())
}

/// Before 3.10 a dict's views of items have no `^` of their own, but a set's.
#[cfg(not(Py_3_10))]
fn are_items(_: Borrowed<'_>, _: Borrowed<'_>) -> bool {
    false
}

/// The items of `ours`, a table, that `theirs` lacks, and the other way round: a set. As of a dict's, only they have to
/// be fit for a set: where both have a key with an equal value, the value is not hashed.
fn items_of_one_alone(py: &mut Python, ours: Borrowed<'_>, theirs: Borrowed<'_>) -> Result<Owned> {
    let ours = copy_object(py, ours)?;
    // SAFETY: returns a new set, or NULL with an exception set.
    let alone = unsafe { Owned::assume_new(PySet_New(null_mut()))? };
    let items = api::iter(py, theirs)?;
    let mut turns = Turns::default();
    while let Some(item) = api::next(py, &items)? {
        turns.next(py)?;
        let common = lock::with(py, ours.as_ptr(), |py| {
            // SAFETY: the copy is a table, its lock is held, and the item is a pair, which keeps both of its own.
            unsafe {
                let this = This::assume_locked(ours.as_ptr());
                let key = Borrowed::assume_borrowed(PyTuple_GetItem(item.as_ptr(), 0));
                remove_if_equal(py, this, key, Borrowed::assume_borrowed(PyTuple_GetItem(item.as_ptr(), 1)))
            }
        })?;
        if !common {
            // SAFETY: both are ours during the call, which takes a reference of its own.
            api::succeeded(unsafe { PySet_Add(alone.as_ptr(), item.as_ptr()) })?;
        }
    }
    let rest = api::attribute(py, ours.as_borrowed(), c"items")?;
    let rest = api::call_with_none(py, rest.as_borrowed())?;
    api::call_method(py, alone.as_borrowed(), c"update", rest.as_borrowed())?;
    Ok(alone)
}

/// Takes `key` out if its value equals `value`, and says whether that is so.
fn remove_if_equal(py: &mut Python, this: This<'_>, key: Borrowed<'_>, value: Borrowed<'_>) -> Result<bool> {
    let key = hash_key(py, this, key)?;
    let equal = same_value(py, this, &key, value)?;
    if equal {
        remove_hashed(py, this, &key)?;
    }
    Ok(equal)
}

unsafe extern "C" fn traverse(slf: *mut PyObject, visit: visitproc, arg: *mut c_void) -> c_int {
    // SAFETY: the collector calls this on a view, whose one reference is its table.
    unsafe { visit((*slf.cast::<ViewObject>()).table, arg) }
}

unsafe extern "C" fn dealloc(slf: *mut PyObject) {
    // SAFETY: nobody has a reference to self; the collector is told before anything is in pieces.
    unsafe {
        PyObject_GC_UnTrack(slf.cast());
        let table = table_of(slf).as_non_null();
        PyObject_GC_Del(slf.cast());
        // -1: what `of` took. Last: it may be the end of the table, which may run Python code.
        drop(Owned::assume_ours(table));
    }
}

const REVERSED: PyMethodDef = PyMethodDef {
    ml_name: c"__reversed__".as_ptr(),
    ml_meth: PyMethodDefPointer { PyCFunction: reversed },
    ml_flags: METH_NOARGS,
    ml_doc: c"__reversed__($self, /)\n--\n\nReturn an iterator that begins with what was added last."
        .as_ptr(),
};

const IS_DISJOINT: PyMethodDef = PyMethodDef {
    ml_name: c"isdisjoint".as_ptr(),
    ml_meth: PyMethodDefPointer { PyCFunction: isdisjoint },
    ml_flags: METH_O,
    ml_doc: c"isdisjoint($self, other, /)\n--\n\nReturn whether the view and other have nothing in common."
        .as_ptr(),
};

static SET_METHODS: Static<[PyMethodDef; 3]> = Static::new([REVERSED, IS_DISJOINT, PyMethodDef::zeroed()]);
static VALUES_METHODS: Static<[PyMethodDef; 2]> = Static::new([REVERSED, PyMethodDef::zeroed()]);

static ATTRIBUTES: Static<[PyGetSetDef; 2]> = Static::new([
    PyGetSetDef {
        name: c"mapping".as_ptr(),
        get: Some(mapping),
        set: None,
        doc: c"A read-only proxy of the table that this is a view of.".as_ptr(),
        closure: null_mut(),
    },
    PyGetSetDef { name: null(), get: None, set: None, doc: null(), closure: null_mut() },
]);

static SET_NUMBER: Static<PyNumberMethods> = Static::new(PyNumberMethods {
    nb_and: Some(and),
    nb_or: Some(or),
    nb_subtract: Some(subtract),
    nb_xor: Some(xor),
    // SAFETY: all of them are optional functions, for which zero means "none".
    ..unsafe { zeroed() }
});

static KEYS_SEQUENCE: Static<PySequenceMethods> = Static::new(PySequenceMethods {
    sq_length: Some(length),
    sq_contains: Some(keys_contain),
    // SAFETY: all of them are optional functions, for which zero means "none".
    ..unsafe { zeroed() }
});

static ITEMS_SEQUENCE: Static<PySequenceMethods> = Static::new(PySequenceMethods {
    sq_length: Some(length),
    sq_contains: Some(items_contain),
    // SAFETY: all of them are optional functions, for which zero means "none".
    ..unsafe { zeroed() }
});

static VALUES_SEQUENCE: Static<PySequenceMethods> = Static::new(PySequenceMethods {
    sq_length: Some(length),
    // SAFETY: all of them are optional functions, for which zero means "none".
    ..unsafe { zeroed() }
});

/// What the three types have in common.
const fn view_type(name: &'static CStr, sequence: &Static<PySequenceMethods>) -> PyTypeObject {
    PyTypeObject {
        ob_base: PyVarObject { ob_base: PyObject_HEAD_INIT, ob_size: 0 },
        tp_name: name.as_ptr(),
        tp_basicsize: size_of::<ViewObject>() as Py_ssize_t,
        tp_flags: flags(Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | NO_INSTANTIATION),
        tp_dealloc: Some(dealloc),
        tp_traverse: Some(traverse),
        tp_free: Some(PyObject_GC_Del),
        tp_iter: Some(iter),
        tp_repr: Some(repr),
        tp_as_sequence: sequence.as_ptr(),
        tp_getset: ATTRIBUTES.as_ptr().cast(),
        // SAFETY: all of them are numbers, pointers or optional functions, for which zero means "none".
        ..unsafe { zeroed() }
    }
}

/// A view that is a set.
const fn set_type(name: &'static CStr, sequence: &Static<PySequenceMethods>) -> PyTypeObject {
    PyTypeObject {
        tp_as_number: SET_NUMBER.as_ptr(),
        tp_richcompare: Some(rich_compare),
        tp_hash: Some(PyObject_HashNotImplemented),
        tp_methods: SET_METHODS.as_ptr().cast(),
        ..view_type(name, sequence)
    }
}

const fn keys_type() -> PyTypeObject {
    set_type(c"hashtable.hashtable_keys", &KEYS_SEQUENCE)
}

const fn items_type() -> PyTypeObject {
    set_type(c"hashtable.hashtable_items", &ITEMS_SEQUENCE)
}

const fn values_type() -> PyTypeObject {
    PyTypeObject {
        tp_methods: VALUES_METHODS.as_ptr().cast(),
        ..view_type(c"hashtable.hashtable_values", &VALUES_SEQUENCE)
    }
}

pub(super) static KEYS_TYPE: StaticType = StaticType::new(keys_type(), keys_type);
pub(super) static ITEMS_TYPE: StaticType = StaticType::new(items_type(), items_type);
pub(super) static VALUES_TYPE: StaticType = StaticType::new(values_type(), values_type);
