//! From birth to death: `tp_new`, `tp_init`, `tp_traverse`, `tp_clear`, `tp_dealloc`.
//!
//! The references that a table owns are its hash function (unless that is the builtin one) and each key and each
//! value. All are taken and given back in plain sight; here, and in [`operations`](super::operations) where an
//! entry comes or goes.

use super::api::{self, Wide};
use super::arguments::{Vector, is_text};
use super::errors::{Raised, Result, no_memory, type_error};
use super::glass::{Py_INCREF, Py_XDECREF, Py_XINCREF, tell};
use super::merge::update_from;
use super::module::{self, Kept};
use super::object::{PyTable, This, is_table, write_fields};
use super::operations::release;
use super::refs::{Borrowed, Owned, Python};
use super::type_object::HASH_TABLE_TYPE;
use super::{boundary, lock, nesting};
use crate::table::{MaxLoad, NoMemory};
use pyo3_ffi::{
    Py_None, Py_TYPE, PyArg_ParseTupleAndKeywords, PyCFunction_CheckExact, PyCallable_Check, PyIndex_Check,
    PyLong_Check, PyObject, PyObject_ClearWeakRefs, PyObject_GC_New, PyObject_GC_Track, PyObject_GC_UnTrack,
    PyTypeObject, visitproc,
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
    class: *mut PyTypeObject,
    _args: *mut PyObject,
    _kwargs: *mut PyObject,
) -> *mut PyObject {
    boundary::object(|py| {
        // SAFETY: the interpreter calls this with our type or a subclass.
        unsafe { allocate(py, class) }.map(Some)
    })
}

/// A new object with an empty table of the default parameters.
///
/// # Safety
///
/// `class` is our type or a subclass, and ready.
unsafe fn allocate(py: &mut Python, class: *mut PyTypeObject) -> Result<Owned> {
    let table = PyTable::new(DEFAULT_SIZE, MaxLoad::new(DEFAULT_MAX_LOAD)).map_err(no_memory)?;
    // SAFETY: the caller's obligation.
    unsafe { allocate_around(py, class, table) }
}

/// A new object around a table that is empty. A collection may begin.
///
/// # Safety
///
/// `class` is our type or a subclass, and ready.
#[inline(always)]
unsafe fn allocate_around(_: &mut Python, class: *mut PyTypeObject, table: PyTable) -> Result<Owned> {
    // SAFETY: the memory is fresh, and its fields are written before anyone sees the object.
    unsafe {
        if class == HASH_TABLE_TYPE.as_ptr() {
            // What `tp_alloc` does, but for the zeroes, which are written over: 10 ns less of 60.
            let object = Owned::assume_new(PyObject_GC_New(class))?;
            write_fields(object.as_ptr(), table);
            PyObject_GC_Track(object.as_ptr().cast());
            return Ok(object);
        }
        // The type has inherited this slot. The new object owns a reference to its type. The collector tracks the
        // object from here on, but cannot look at it before the next allocation.
        let object = Owned::assume_new((*class).tp_alloc.ok_or(Raised)?(class, 0))?;
        write_fields(object.as_ptr(), table);
        Ok(object)
    }
}

/// `tp_vectorcall`: `HashTable(...)` itself, `tp_new` and `tp_init` in one, without a tuple and a dict for the
/// arguments. A subclass does not inherit it: it may have an `__init__` of its own.
pub(super) unsafe extern "C" fn vectorcall(
    class: *mut PyObject,
    args: *const *mut PyObject,
    nargsf: usize,
    kwnames: *mut PyObject,
) -> *mut PyObject {
    boundary::object(|py| {
        // SAFETY: the interpreter calls this with our type, and with arguments that it keeps until we return; nobody
        // else knows the new object.
        unsafe {
            let args = Vector::new(args, nargsf, kwnames);
            if args.is_empty() {
                return allocate(py, class.cast()).map(Some);
            }
            let mut given = Given::default();
            if given.fill_from(&args) {
                return build(py, class.cast(), &given).map(Some);
            }
            // It will not do, and this is who says why in Python's own words.
            let (tuple, dict) = args.pack(py)?;
            let given = Given::parse(py, tuple.as_ptr(), dict.as_ptr())?;
            build(py, class.cast(), &given).map(Some)
        }
    })
}

/// `tp_init`: `HashTable(size=4, max_load=0.5, hash_func=hash, *, items=())`. May be called again, and then starts
/// over. A failure changes nothing.
pub(super) unsafe extern "C" fn init(
    slf: *mut PyObject,
    args: *mut PyObject,
    kwargs: *mut PyObject,
) -> c_int {
    // SAFETY: the interpreter calls this on an instance of our type, with a tuple, and a dict or NULL.
    unsafe {
        boundary::slot(slf, |py, this| {
            let given = Given::parse(py, args, kwargs)?;
            initialise(py, this, &given)
        })
    }
}

/// A new object with these parameters and first items, and without a call of its `__init__`. What can run Python code
/// to say what the parameters are comes before the object.
///
/// # Safety
///
/// `class` is our type or a subclass, and ready.
unsafe fn build(py: &mut Python, class: *mut PyTypeObject, given: &Given<'_>) -> Result<Owned> {
    let Parameters { size, max_load, hash_func } = parameters(py, given)?;
    let table = PyTable::new(size, max_load).map_err(no_memory)?;
    // SAFETY: the caller's obligation; the hash function is one of the arguments, which the caller keeps; the object
    // is ours alone, until Python code runs, and then its lock is held.
    unsafe {
        let object = allocate_around(py, class, table)?;
        // What it replaces is NULL.
        adopt(This::assume_unshared(object.as_ptr()), hash_func);
        if let Some(items) = given.items {
            // If that raises half way, this is the end of the object.
            lock::with(py, object.as_ptr(), |py| {
                update_from(py, This::assume_locked(object.as_ptr()), items)
            })?;
        }
        Ok(object)
    }
}

/// Gives a table its parameters and its first items.
fn initialise(py: &mut Python, this: This<'_>, given: &Given<'_>) -> Result<()> {
    if given.items.is_none() {
        return configure(py, this, given);
    }
    // What goes in may raise half way. So it goes into a table that nobody knows, and that changes places with ours
    // when it is complete. It is locked as any other: a hash function may find it, if it asks the collector for all
    // objects.
    // SAFETY: our own type is ready, and the new object stays alive; each table's lock is held where it is used.
    unsafe {
        let other = build(py, HASH_TABLE_TYPE.as_ptr(), given)?;
        lock::with_both(py, this.as_object().as_ptr(), other.as_ptr(), |py| {
            exchange(py, this, This::assume_locked(other.as_ptr()));
        });
        // -1: the other, and with it all that was ours.
    }
    Ok(())
}

/// What the constructor's arguments say.
struct Parameters {
    size: NonZeroUsize,
    max_load: Option<MaxLoad>,
    /// Borrowed from the caller of the constructor. NULL for the builtin one.
    hash_func: *mut PyObject,
}

/// What the arguments say. May run Python code, to make numbers of them.
fn parameters(py: &mut Python, given: &Given<'_>) -> Result<Parameters> {
    let size = given.size.map_or(Ok(DEFAULT_SIZE), |size| parse_size(py, size))?;
    let max_load = match given.max_load {
        Some(max_load) => parse_max_load(py, max_load)?,
        None => MaxLoad::new(DEFAULT_MAX_LOAD),
    };
    let hash_func = match given.hash_func {
        Some(hash_func) => parse_hash_func(py, hash_func)?,
        None => null_mut(),
    };
    Ok(Parameters { size, max_load, hash_func })
}

/// Gives a table its hash function. Returns the old one, and the reference to it.
///
/// # Safety
///
/// `hash_func` is NULL, or an object that the caller keeps alive.
unsafe fn adopt(this: This<'_>, hash_func: *mut PyObject) -> *mut PyObject {
    if !hash_func.is_null() {
        // +1: self owns hash_func until dealloc, or until the next __init__. The caller's reference is only
        // borrowed: without this line the function dies when the caller lets go of it.
        // SAFETY: the caller keeps it alive until we return.
        unsafe { Py_INCREF(hash_func) };
    }
    this.hash_func.replace(hash_func)
}

/// Gives a table its parameters, and nothing else. All that can fail, and all that can run Python code, comes before
/// the first change.
fn configure(py: &mut Python, this: This<'_>, given: &Given<'_>) -> Result<()> {
    let Parameters { size, max_load, hash_func } = parameters(py, given)?;
    let table = PyTable::new(size, max_load).map_err(no_memory)?;
    // SAFETY: the hash function is one of the arguments, which the caller keeps.
    let old_hash_func = unsafe { adopt(this, hash_func) };
    let old_table = replace(this.table_mut(py), table);
    this.generation.set(this.generation.get() + 1);

    // The object is whole again. Only now may Python code run, as it does when these references were the last.
    // SAFETY: both have left the object, and their references are given back once.
    unsafe {
        release(py, old_table.into_store());
        // -1: what the last __init__ took. After `tp_new` it is NULL.
        Py_XDECREF(old_hash_func);
    }
    Ok(())
}

/// Lets two tables change places, references and all: no count changes.
fn exchange(py: &mut Python, this: This<'_>, other: This<'_>) {
    this.hash_func.swap(&other.hash_func);
    this.swap_tables(py, other);
    for table in [this, other] {
        table.generation.set(table.generation.get() + 1);
    }
}

/// `copy()`: a `HashTable` with the same bins, chains and parameters.
pub(super) fn copy(py: &mut Python, this: This<'_>) -> Result<Owned> {
    // The object comes first: making it may run a collection, and from the copy of the entries to the references
    // for them nothing may.
    // SAFETY: our own type is ready.
    let object = unsafe { allocate(py, HASH_TABLE_TYPE.as_ptr()) }?;
    let table = this.table(py).try_clone().map_err(no_memory)?;
    let hash_func = this.hash_func.get();
    // SAFETY: the originals' references keep all of them alive until here; the object is ours alone.
    unsafe {
        for item in table.store().iter() {
            // +1 each: the copy owns its keys and values too.
            Py_INCREF(item.key.as_ptr());
            Py_INCREF(item.value.as_ptr());
        }
        // +1: and its hash function.
        Py_XINCREF(hash_func);
        let copy = This::assume_unshared(object.as_ptr());
        copy.hash_func.set(hash_func);
        // The empty table that this replaces owns nothing.
        *copy.table_mut(py) = table;
    }
    Ok(object)
}

/// `object.copy()`, of an object that is a table.
pub(super) fn copy_object(py: &mut Python, object: Borrowed<'_>) -> Result<Owned> {
    debug_assert!(is_table(object));
    lock::with(py, object.as_ptr(), |py| {
        // SAFETY: it is a table, whoever owns the reference keeps it alive, and its lock is held.
        copy(py, unsafe { This::assume_locked(object.as_ptr()) })
    })
}

/// An empty `HashTable` with the parameters of `object`, which is a table.
pub(super) fn empty_like(py: &mut Python, object: Borrowed<'_>) -> Result<Owned> {
    debug_assert!(is_table(object));
    lock::with(py, object.as_ptr(), |py| {
        // SAFETY: it is a table, whoever owns the reference keeps it alive, and its lock is held. Our own type is
        // ready.
        let (this, empty) =
            unsafe { (This::assume_locked(object.as_ptr()), allocate(py, HASH_TABLE_TYPE.as_ptr())?) };
        let size = NonZeroUsize::new(this.table(py).size()).unwrap_or(DEFAULT_SIZE);
        let table = PyTable::new(size, this.table(py).max_load()).map_err(no_memory)?;
        let hash_func = this.hash_func.get();
        // SAFETY: the original's reference keeps the hash function alive until here; the object is ours alone.
        unsafe {
            // +1: the new table owns its hash function too.
            Py_XINCREF(hash_func);
            let unshared = This::assume_unshared(empty.as_ptr());
            unshared.hash_func.set(hash_func);
            *unshared.table_mut(py) = table;
        }
        Ok(empty)
    })
}

/// An empty table of `class`, our type or a subclass, with these parameters and without a call of its `__init__`.
pub(super) fn make(py: &mut Python, class: Borrowed<'_>, parameters: [Borrowed<'_>; 3]) -> Result<Owned> {
    let [size, max_load, hash_func] = parameters.map(Some);
    let given = Given { size, max_load, hash_func, items: None };
    // SAFETY: it is our type or a subclass, and what has been used as a class is ready.
    unsafe { build(py, class.as_ptr().cast(), &given) }
}

/// The hash function of a table: a new reference.
pub(super) fn hash_func_of(py: &mut Python, this: This<'_>) -> Result<Owned> {
    let hash_func = this.hash_func.get();
    if hash_func.is_null() {
        return module::kept(py, Kept::BuiltinHash);
    }
    // +1: the table's reference is only borrowed; the caller gets one of its own.
    // SAFETY: the table's reference is good until Python code runs.
    Ok(unsafe { Borrowed::assume_borrowed(hash_func) }.to_owned(py))
}

/// `tp_traverse`: shows the collector every reference that self owns. Changes no count. Without it a hash function
/// that knows its table, a cycle, would never be freed.
pub(super) unsafe extern "C" fn traverse(slf: *mut PyObject, visit: visitproc, arg: *mut c_void) -> c_int {
    // SAFETY: the collector runs inside an allocation, when nobody borrows a table, on objects that `tp_new` has
    // returned, and while no other thread runs; `visit` neither runs Python code nor changes a table.
    unsafe {
        let py = Python::assume_attached();
        let this = This::assume_unshared(slf);
        for item in this.table(&py).store().iter() {
            for object in [item.key, item.value] {
                let stop = visit(object.as_ptr(), arg);
                if stop != 0 {
                    return stop;
                }
            }
        }
        // The type is static, and owned by nobody; a subclass visits its own type.
        let hash_func = this.hash_func.get();
        if hash_func.is_null() {
            return 0;
        }
        visit(hash_func, arg)
    }
}

/// `tp_clear`: the collector has found that self is part of a cycle that nobody else knows, and asks it to let go.
/// Self may still be used while the others go: it is an empty table then, with the builtin hash function.
pub(super) unsafe extern "C" fn clear(slf: *mut PyObject) -> c_int {
    // SAFETY: self is an object that `tp_new` has returned. What is given back has left it before.
    unsafe {
        boundary::slot(slf, |py, this| {
            let hash_func = this.hash_func.replace(null_mut());
            let entries = this.table_mut(py).clear();
            this.generation.set(this.generation.get() + 1);
            release(py, entries);
            // -1: what __init__ took.
            Py_XDECREF(hash_func);
            Ok(())
        })
    }
}

/// `tp_dealloc`: the last reference to self has gone.
pub(super) unsafe extern "C" fn dealloc(slf: *mut PyObject) {
    // SAFETY: nobody has a reference to self. The collector is told first, before anything is in pieces that it
    // might look at; then the weak references, while self is still whole, since their callbacks may run.
    unsafe {
        PyObject_GC_UnTrack(slf.cast());
        tell!(dying(slf));
        // Without a GIL other threads may be taking themselves off the list right now: that is between them and the
        // interpreter.
        if cfg!(Py_GIL_DISABLED) || !This::assume_unshared(slf).weak_references.get().is_null() {
            PyObject_ClearWeakRefs(slf);
        }
        if This::assume_unshared(slf).owns_nothing(&Python::assume_attached()) {
            // Nothing is nested in it: to count the depth would take 3 ns, since that is the thread's own.
            return finish(slf);
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
        // SAFETY: self is ours alone. Its table moves out, once, and the memory of it is not read after.
        unsafe {
            let this = This::assume_unshared(slf);
            let hash_func = this.hash_func.get();
            release(py, this.take_table().into_store());
            // -1: what __init__ took. Forget this line, and each table that dies leaves its hash function behind
            // for ever.
            Py_XDECREF(hash_func);
            tell!(freed(slf));
            // Back to where `tp_alloc` had it from. The type is asked, since a subclass may have its own.
            if let Some(free) = (*Py_TYPE(slf)).tp_free {
                free(slf.cast());
            }
        }
        Ok(())
    });
}

/// The names of the constructor's parameters. The last one takes its argument by name only.
const NAMES: [&CStr; 4] = [c"size", c"max_load", c"hash_func", c"items"];

/// The constructor's arguments, borrowed from its caller; `None` where one is not given.
#[derive(Default)]
struct Given<'a> {
    size: Option<Borrowed<'a>>,
    max_load: Option<Borrowed<'a>>,
    hash_func: Option<Borrowed<'a>>,
    items: Option<Borrowed<'a>>,
}

impl<'a> Given<'a> {
    /// Takes what a vectorcall gives; `false` if that is too much, or has a name that we do not know. In place: what was
    /// just written, a pointer at a time, and then moved by two pointers at a time is waited for, which took 6 ns.
    #[inline]
    fn fill_from(&mut self, args: &Vector<'a>) -> bool {
        let places = [&mut self.size, &mut self.max_load, &mut self.hash_func];
        let positional = args.positional();
        if positional.len() > places.len() {
            return false;
        }
        for (place, &argument) in places.into_iter().zip(positional) {
            *place = Some(argument);
        }
        for (name, argument) in args.named() {
            let Some(index) = NAMES.iter().position(|known| is_text(name, known)) else { return false };
            let places = [&mut self.size, &mut self.max_load, &mut self.hash_func, &mut self.items];
            if places[index].replace(argument).is_some() {
                return false;
            }
        }
        true
    }

    /// A keyword of a class of the user's may be compared by its own `__eq__`.
    ///
    /// # Safety
    ///
    /// `args` is a tuple and `kwargs` a dict or NULL, and both are kept by the caller for as long as the result
    /// is used.
    unsafe fn parse(_: &mut Python, args: *mut PyObject, kwargs: *mut PyObject) -> Result<Self> {
        let [mut size, mut max_load, mut hash_func, mut items]: [*mut PyObject; 4] = [null_mut(); 4];
        let mut names: [*mut c_char; 5] = [null_mut(); 5];
        for (place, name) in names.iter_mut().zip(NAMES) {
            *place = name.as_ptr().cast_mut();
        }
        // SAFETY: "O" stores a borrowed reference, and there are as many places as there are O's and names.
        unsafe {
            let parsed = PyArg_ParseTupleAndKeywords(
                args,
                kwargs,
                c"|OOO$O:HashTable".as_ptr(),
                names.as_mut_ptr().cast(),
                &raw mut size,
                &raw mut max_load,
                &raw mut hash_func,
                &raw mut items,
            );
            if parsed == 0 {
                return Err(Raised);
            }
            let given =
                |object: *mut PyObject| (!object.is_null()).then(|| Borrowed::assume_borrowed(object));
            Ok(Self {
                size: given(size),
                max_load: given(max_load),
                hash_func: given(hash_func),
                items: given(items),
            })
        }
    }
}

/// A positive integer, of any type that can say which. One that is too large for memory is a `MemoryError`, as it
/// is when there are "only" 2**62 bins.
fn parse_size(py: &mut Python, size: Borrowed<'_>) -> Result<NonZeroUsize> {
    const NO_SIZE: &CStr = c"size parameter must be a positive integer.";
    // SAFETY: the checks read the type of a live object; what is no int is made one, or raises.
    let size = unsafe {
        if PyLong_Check(size.as_ptr()) != 0 {
            api::int_value(py, size.as_ptr())
        } else if PyIndex_Check(size.as_ptr()) != 0 {
            let size = api::index(py, size)?;
            api::int_value(py, size.as_ptr())
        } else {
            return Err(type_error(py, NO_SIZE));
        }
    };
    match size {
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
    // SAFETY: as above. To look for the builtin one takes 50 ns, and it is no function of Python's.
    if unsafe { PyCFunction_CheckExact(hash_func.as_ptr()) } == 0 {
        return Ok(hash_func.as_ptr());
    }
    let builtin_hash = module::kept(py, Kept::BuiltinHash)?;
    if hash_func.as_ptr() == builtin_hash.as_ptr() {
        return Ok(null_mut());
    }
    Ok(hash_func.as_ptr())
}
