//! Freeing tables inside tables inside tables.
//!
//! Giving back the reference to a value may be the end of the value, and if that is a table, of its values, and
//! so on: with tables nested 100,000 deep, each level would take a piece of the stack until there is none left.
//! CPython's containers have the trashcan macros for this, which differ from version to version and have no
//! function behind them. This does the same for every version: from a certain depth on a dying table is not taken
//! apart but put into a queue, and the outermost one takes the queue apart when it is done with itself.
//!
//! The queue needs no memory: it is a list through the dying objects, which nobody else can reach any more.

use super::glass::{Py_DECREF, Py_INCREF};
use super::object::This;
use pyo3_ffi::{Py_TYPE, PyObject};
use std::cell::Cell;
use std::ptr::null_mut;

/// How many tables may be taken apart one inside the other. CPython's own trashcan uses the same number.
const MAX_DEPTH: u32 = 50;

struct Dying {
    depth: Cell<u32>,
    /// The first object of the queue.
    queue: Cell<*mut PyObject>,
}

thread_local! {
    // Needs no destructor, so it can be used until the very end of a thread.
    static DYING: Dying = const { Dying { depth: Cell::new(0), queue: Cell::new(null_mut()) } };
}

/// Takes `object` apart with `finish`, now or, if too many others are being taken apart around it, soon.
///
/// # Safety
///
/// 1. `object` is a table that nobody has a reference to and that the garbage collector no longer tracks.
/// 2. `finish` may be called on it once, and frees it.
pub(super) unsafe fn take_apart(object: *mut PyObject, finish: unsafe fn(*mut PyObject)) {
    DYING.with(|dying| {
        let depth = dying.depth.get();
        if depth >= MAX_DEPTH {
            // SAFETY: (1): the object is a table, and ours alone.
            let this = unsafe { This::assume_unshared(object) };
            this.next_dying.set(dying.queue.replace(object));
            // +1: an instance of a subclass owns a reference to its type, which the subclass's own dealloc gives
            // back as soon as we return. Until the object is freed the type must stay.
            // SAFETY: an object keeps its type alive up to here.
            unsafe { Py_INCREF(Py_TYPE(object).cast()) };
            return;
        }
        dying.depth.set(depth + 1);
        // SAFETY: (2).
        unsafe { finish(object) };
        dying.depth.set(depth);
        if depth == 0 {
            // SAFETY: what is in the queue was put there by this function, under the same promises.
            unsafe { empty_queue(dying, finish) };
        }
    });
}

/// # Safety
///
/// The objects in the queue are as [`take_apart`] has put them there.
unsafe fn empty_queue(dying: &Dying, finish: unsafe fn(*mut PyObject)) {
    // Those that die in here queue up too, behind the same door.
    dying.depth.set(1);
    while !dying.queue.get().is_null() {
        let object = dying.queue.get();
        // SAFETY: the object is a table, and ours alone.
        dying.queue.set(unsafe { This::assume_unshared(object) }.next_dying.get());
        // SAFETY: it is finished once, here; the reference to the type is the one taken when it was queued.
        unsafe {
            let type_object = Py_TYPE(object);
            finish(object);
            // -1: the object is freed and needs its type no more.
            Py_DECREF(type_object.cast());
        }
    }
    dying.depth.set(0);
}
