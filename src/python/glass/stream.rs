//! The stream: what the table and the module do, and each count, in the order in which it happens.
//!
//! An event is a line of JSON. It goes to the file that the environment names, if it names one, before what it tells of
//! is done: so a process that crashes has told all. And it waits for the watcher, a Python callable, until Python code
//! may run anyway: before a hash function or an `__eq__` is called, and when a slot or method is about to return.

use super::ledger::{Entry, Site};
use super::settings::{path_of, settings, story_of};
use crate::python::layouts::Int;
use crate::python::refs::{Borrowed, Python};
use crate::table::watch::Event;
use pyo3_ffi::{
    Py_DECREF, Py_INCREF, Py_None, Py_TYPE, PyBool_Check, PyCFunction_CheckExact, PyErr_Clear,
    PyErr_WriteUnraisable, PyFloat_AS_DOUBLE, PyFloat_CheckExact, PyFunction_Type, PyLong_CheckExact,
    PyObject, PyObject_CallOneArg, PyObject_GetAttrString, PyType_Check, PyTypeObject, PyUnicode_CheckExact,
    PyUnicode_FromStringAndSize, PyUnicode_GetLength, PyUnicode_ReadChar,
};
use std::cell::{Cell, RefCell};
use std::ffi::CStr;
use std::fmt::Write as _;
use std::io::Write as _;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, AtomicU8, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// The layers, as bits.
pub(super) const LAYERS: [&str; 4] = ["module", "table", "reference", "python"];
static LAYERS_ON: AtomicU8 = AtomicU8::new(0b1111);

/// How many events there have been.
static NUMBER: AtomicU64 = AtomicU64::new(0);
/// Those that wait for the watcher.
static WAITING: Mutex<Vec<String>> = Mutex::new(Vec::new());
/// The watcher. Owned by the interpreter's dict for extensions; see `functions`.
static WATCHER: AtomicPtr<PyObject> = AtomicPtr::new(null_mut());

thread_local! {
    /// Whether this thread is at work for the stream itself, or for the watcher: then nothing is told.
    static PAUSED: Cell<bool> = const { Cell::new(false) };
    /// The names of the calls that this thread is in, the innermost last.
    static CALLS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

pub(super) fn set_layers(layers: u8) {
    LAYERS_ON.store(layers, Ordering::Relaxed);
}

/// From now on events wait for this object, which is kept alive elsewhere; or, if it is NULL, for nobody.
pub(super) fn set_watcher(watcher: *mut PyObject) {
    WATCHER.store(watcher, Ordering::Relaxed);
    WAITING.lock().unwrap_or_else(PoisonError::into_inner).clear();
}

/// Does something of which nothing is told.
pub(super) fn in_silence<T>(body: impl FnOnce() -> T) -> T {
    struct Before(bool);
    impl Drop for Before {
        fn drop(&mut self) {
            PAUSED.set(self.0);
        }
    }
    let _before = Before(PAUSED.replace(true));
    body()
}

/// Whether anyone wants to hear of this layer.
fn is_heard(layer: usize) -> bool {
    !PAUSED.get()
        && LAYERS_ON.load(Ordering::Relaxed) & 1 << layer != 0
        && (!WATCHER.load(Ordering::Relaxed).is_null() || settings().is_some_and(|it| it.stream.is_some()))
}

/// Tells an event: `rest` writes what there is to say beyond its number, layer and kind.
fn tell(layer: usize, what: &str, rest: impl FnOnce(&mut String)) {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed) + 1;
    let mut text = format!(r#"{{"n":{number},"layer":"{}","what":"{what}""#, LAYERS[layer]);
    rest(&mut text);
    text.push('}');
    if let Some(mut stream) = settings().and_then(|settings| settings.stream.as_ref()) {
        // One write, so that lines of several threads do not mix. Whoever reads it will miss what cannot be written.
        let _ = stream.write_all(format!("{text}\n").as_bytes());
    }
    if !WATCHER.load(Ordering::Relaxed).is_null() {
        WAITING.lock().unwrap_or_else(PoisonError::into_inner).push(text);
    }
}

/// Hands what waits to the watcher. It is Python code: so the token is taken by `&mut`. Whatever exception is set stays.
pub(super) fn deliver(_: &mut Python) {
    let watcher = WATCHER.load(Ordering::Relaxed);
    if watcher.is_null() || PAUSED.get() {
        return;
    }
    let waiting = std::mem::take(&mut *WAITING.lock().unwrap_or_else(PoisonError::into_inner));
    if waiting.is_empty() {
        return;
    }
    // SAFETY: the thread is attached, and the interpreter keeps the watcher alive until we take a reference to it. The
    // text is a new reference, given back after the call, as is what the call returns.
    in_silence(|| unsafe {
        keeping_exception(|| {
            Py_INCREF(watcher);
            for text in waiting {
                let text = PyUnicode_FromStringAndSize(text.as_ptr().cast(), text.len() as isize);
                let result = if text.is_null() { null_mut() } else { PyObject_CallOneArg(watcher, text) };
                for object in [text, result] {
                    if !object.is_null() {
                        Py_DECREF(object);
                    }
                }
                if result.is_null() {
                    PyErr_WriteUnraisable(watcher);
                }
            }
            Py_DECREF(watcher);
        });
    });
}

/// Does something that begins and ends without an exception, and sets the one again that waits meanwhile.
///
/// # Safety
///
/// The thread is attached.
#[cfg(Py_3_12)]
unsafe fn keeping_exception<T>(body: impl FnOnce() -> T) -> T {
    // SAFETY: the caller's word. The exception is a reference of ours until it is set again.
    unsafe {
        let exception = pyo3_ffi::PyErr_GetRaisedException();
        let result = body();
        PyErr_Clear();
        pyo3_ffi::PyErr_SetRaisedException(exception);
        result
    }
}

/// As above.
///
/// # Safety
///
/// The thread is attached.
#[cfg(not(Py_3_12))]
unsafe fn keeping_exception<T>(body: impl FnOnce() -> T) -> T {
    let [mut class, mut value, mut traceback] = [null_mut(); 3];
    // SAFETY: as above, with three references in place of one.
    unsafe {
        pyo3_ffi::PyErr_Fetch(&raw mut class, &raw mut value, &raw mut traceback);
        let result = body();
        PyErr_Clear();
        pyo3_ffi::PyErr_Restore(class, value, traceback);
        result
    }
}

/// An event of the table.
pub(super) fn of_table(event: Event) {
    const TABLE: usize = 1;
    if !is_heard(TABLE) {
        return;
    }
    let (what, rest) = match event {
        Event::Bin { hash, bin, size, denied } => {
            ("bin", format!(r#","hash":{hash},"bin":{bin},"size":{size},"denied":{denied}"#))
        }
        Event::Probe { slot, hash, same } => {
            ("probe", format!(r#","slot":{slot},"hash":{hash},"same":{same}"#))
        }
        Event::Append { bin, slot, load } => {
            ("append", format!(r#","bin":{bin},"slot":{slot},"load":{load}"#))
        }
        Event::Resize { from, to } => ("resize", format!(r#","from":{from},"to":{to}"#)),
        Event::Move { slot, from, to } => ("move", format!(r#","slot":{slot},"from":{from},"to":{to}"#)),
        Event::Remove { bin, slot, load } => {
            ("remove", format!(r#","bin":{bin},"slot":{slot},"load":{load}"#))
        }
        Event::Clear { load } => ("clear", format!(r#","load":{load}"#)),
    };
    tell(TABLE, what, |text| text.push_str(&rest));
}

const MODULE: usize = 0;

/// A slot or method is called. Its name is that of the function which `body` is a closure of.
pub(in super::super) fn called<B>(_: &B, slf: *mut PyObject) {
    let path = std::any::type_name::<B>();
    let name = path.rsplit("::").find(|part| !part.starts_with('{')).unwrap_or(path);
    let name = name.split('<').next().unwrap_or(name);
    CALLS.with_borrow_mut(|calls| calls.push(name.to_owned()));
    if is_heard(MODULE) {
        tell(MODULE, "call", |text| {
            push_string(text, "name", name);
            push_object(text, "self", slf);
        });
    }
}

/// It is about to return, having raised an exception or not.
pub(in super::super) fn left(py: &mut Python, raised: bool) {
    let name = CALLS.with_borrow_mut(Vec::pop).unwrap_or_default();
    if is_heard(MODULE) {
        tell(MODULE, "return", |text| {
            push_string(text, "name", &name);
            let _ = write!(text, r#","raised":{raised}"#);
        });
    }
    deliver(py);
}

/// A key is about to be hashed, by a function or, if it is NULL, by the builtin `hash`; `native`: without a call.
pub(in super::super) fn hashing(py: &mut Python, function: *mut PyObject, native: bool, key: Borrowed<'_>) {
    if is_heard(MODULE) {
        tell(MODULE, "hash", |text| {
            let by = match function.is_null() {
                true => "builtin",
                false if native => "native",
                false => "python",
            };
            push_string(text, "by", by);
            push_object(text, "function", function);
            push_object(text, "key", key.as_ptr());
        });
    }
    deliver(py);
}

/// That gave this hash.
pub(in super::super) fn hashed(hash: i64) {
    if is_heard(MODULE) {
        tell(MODULE, "hashed", |text| {
            let _ = write!(text, r#","hash":{hash}"#);
        });
    }
}

/// An `__eq__` is about to be asked whether a candidate is the key.
pub(in super::super) fn asking(py: &mut Python, candidate: Borrowed<'_>, key: Borrowed<'_>) {
    if is_heard(MODULE) {
        tell(MODULE, "ask", |text| {
            push_object(text, "candidate", candidate.as_ptr());
            push_object(text, "key", key.as_ptr());
        });
    }
    deliver(py);
}

/// And said this.
pub(in super::super) fn answered(equal: bool) {
    if is_heard(MODULE) {
        tell(MODULE, "answered", |text| {
            let _ = write!(text, r#","equal":{equal}"#);
        });
    }
}

/// A key has another value. The table still has the reference to the old one, or somebody was just handed it.
pub(in super::super) fn replaced(key: *mut PyObject, old: *mut PyObject, new: *mut PyObject) {
    if is_heard(MODULE) {
        tell(MODULE, "replace", |text| {
            push_object(text, "key", key);
            push_object(text, "old", old);
            push_object(text, "new", new);
        });
    }
}

/// The last reference to a table has gone.
pub(in super::super) fn dying(table: *mut PyObject) {
    if is_heard(MODULE) {
        tell(MODULE, "dealloc", |text| push_object(text, "self", table));
    }
}

/// A table's memory is about to be given back.
pub(in super::super) fn freed(table: *mut PyObject) {
    if is_heard(MODULE) {
        tell(MODULE, "free", |text| push_object(text, "self", table));
    }
}

/// A count in the ledger.
pub(super) fn counted(entry: Entry, object: &str, count: isize, site: Site, end: bool) {
    const REFERENCE: usize = 2;
    if !is_heard(REFERENCE) {
        return;
    }
    tell(REFERENCE, entry.name(), |text| {
        let _ = write!(text, r#","object":{object},"count":{count}"#);
        push_string(text, "file", path_of(site));
        let _ = write!(text, r#","line":{}"#, site.line());
        match story_of(site) {
            Some(story) => push_string(text, "why", &story),
            None => text.push_str(r#","why":null"#),
        }
        if end {
            text.push_str(r#","end":true"#);
        }
    });
}

/// A note of the program's own.
pub(super) fn noted(note: &str) {
    const PYTHON: usize = 3;
    if is_heard(PYTHON) {
        tell(PYTHON, "note", |text| push_string(text, "text", note));
    }
}

fn push_string(text: &mut String, name: &str, value: &str) {
    let _ = write!(text, r#","{name}":"#);
    push_quoted(text, value);
}

fn push_object(text: &mut String, name: &str, object: *mut PyObject) {
    let _ = write!(text, r#","{name}":"#);
    if object.is_null() {
        text.push_str("null");
    } else {
        // SAFETY: what is told of is alive.
        text.push_str(&unsafe { describe(object) });
    }
}

/// A string of JSON.
fn push_quoted(text: &mut String, value: &str) {
    text.push('"');
    for character in value.chars() {
        match character {
            '"' | '\\' => {
                text.push('\\');
                text.push(character);
            }
            // What a terminal could take for more than a character too.
            character if character.is_control() => {
                let _ = write!(text, "\\u{:04x}", character as u32);
            }
            character => text.push(character),
        }
    }
    text.push('"');
}

/// An object as JSON: its address, its type, and what it is, if that can be told without running Python code.
///
/// # Safety
///
/// `object` is alive.
pub(super) unsafe fn describe(object: *mut PyObject) -> String {
    let mut text = format!(r#"{{"id":{}"#, object as usize);
    // SAFETY: it is alive, and so is its type.
    let (class, content) = unsafe { (type_name(Py_TYPE(object)), content(object)) };
    push_string(&mut text, "type", &class);
    match content {
        Some(content) => push_string(&mut text, "text", &content),
        None => text.push_str(r#","text":null"#),
    }
    text.push('}');
    text
}

/// # Safety
///
/// `class` is alive.
unsafe fn type_name(class: *mut PyTypeObject) -> String {
    // SAFETY: by the caller's word.
    let name = unsafe { CStr::from_ptr((*class).tp_name) }.to_string_lossy();
    name.rsplit('.').next().unwrap_or_default().to_owned()
}

/// # Safety
///
/// `object` is alive.
unsafe fn content(object: *mut PyObject) -> Option<String> {
    // SAFETY: it is alive, and read as what it is found to be.
    unsafe {
        if object == Py_None() {
            Some("None".to_owned())
        } else if PyBool_Check(object) != 0 {
            Some(if object == pyo3_ffi::Py_True() { "True" } else { "False" }.to_owned())
        } else if PyUnicode_CheckExact(object) != 0 {
            Some(format!("'{}'", shortened(object)))
        } else if PyLong_CheckExact(object) != 0 {
            Some(Int::read(object).value().map_or_else(|| "a long int".to_owned(), |value| value.to_string()))
        } else if PyFloat_CheckExact(object) != 0 {
            Some(format!("{:?}", PyFloat_AS_DOUBLE(object)))
        } else if PyType_Check(object) != 0 {
            Some(type_name(object.cast()))
        } else if Py_TYPE(object) == &raw mut PyFunction_Type || PyCFunction_CheckExact(object) != 0 {
            name_of(object)
        } else {
            None
        }
    }
}

/// The text of a str, cut at 40 characters. Surrogates are shown as what no text is.
///
/// # Safety
///
/// `object` is a live `str`.
unsafe fn shortened(object: *mut PyObject) -> String {
    const MOST: isize = 40;
    // SAFETY: by the caller's word; each index is within the text.
    unsafe {
        let length = PyUnicode_GetLength(object);
        let characters = (0..length.min(MOST)).map(|index| PyUnicode_ReadChar(object, index));
        let text: String = characters.map(|code| char::from_u32(code).unwrap_or('\u{fffd}')).collect();
        text + if length > MOST { "…" } else { "" }
    }
}

/// The name of a function of one of the interpreter's own types, which give it without running Python code.
///
/// # Safety
///
/// `function` is alive.
unsafe fn name_of(function: *mut PyObject) -> Option<String> {
    // SAFETY: by the caller's word; the name is a new reference, given back here.
    unsafe {
        keeping_exception(|| {
            let name = PyObject_GetAttrString(function, c"__name__".as_ptr());
            let text = (!name.is_null() && PyUnicode_CheckExact(name) != 0).then(|| shortened(name));
            if !name.is_null() {
                Py_DECREF(name);
            }
            text
        })
    }
}
