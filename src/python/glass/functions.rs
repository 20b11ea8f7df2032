//! What `hashtable_lab._glass` has beyond `hashtable`: the functions by which Python programs watch.

use super::ledger::{Account, accounts};
use super::settings::{self, SOURCES, SPECIMENS};
use super::stream::{self, LAYERS, describe};
use crate::python::errors::{Raised, Result, type_error, value_error};
use crate::python::iterators::ITERATOR_TYPE;
use crate::python::methods::{noargs, one_arg};
use crate::python::object::{This, is_table};
use crate::python::refs::{Borrowed, Owned, Python};
use crate::python::type_object::{Static, StaticType};
use crate::python::views::{ITEMS_TYPE, KEYS_TYPE, VALUES_TYPE};
use crate::python::{api, boundary, lifecycle, module};
use crate::table;
use pyo3_ffi::{
    Py_None, Py_TYPE, PyCallable_Check, PyDict_New, PyDict_SetItem, PyDict_SetItemString, PyList_GET_ITEM,
    PyList_GET_SIZE, PyMethodDef, PyModule_AddFunctions, PyObject, PyUnicode_AsUTF8AndSize, PyUnicode_Check,
};
use std::collections::HashMap;
use std::ffi::{c_int, c_void};

/// For these functions, which are nothing that is watched.
fn silently(body: impl FnOnce(&mut Python) -> Result<Option<Owned>>) -> *mut PyObject {
    stream::in_silence(|| boundary::object(body))
}

static FUNCTIONS: Static<[PyMethodDef; 7]> = Static::new([
    one_arg(
        c"watch",
        watch,
        c"watch($module, callback, /)
--

From now on, call callback with the text of each event, a JSON object; None: nobody.

The events come in order, in batches, where Python code may run anyway: before a
hash function or an __eq__ is called, and when a slot or method is about to
return. What the callback does with tables is not told.",
    ),
    one_arg(
        c"layers",
        layers,
        c"layers($module, names, /)
--

Tell only of these layers: of \"module\", \"table\", \"reference\", \"python\". All by default.",
    ),
    one_arg(
        c"note",
        note,
        c"note($module, text, /)
--

Put a note into the stream, as an event of the layer \"python\".",
    ),
    noargs(
        c"accounts",
        account_list,
        c"accounts($module, /)
--

Return the ledger's accounts, as the text of a JSON array: of each object, the
references that the module has taken or was given, those that it gave back or
handed on; and how many the tables, iterators and views that live hold of it,
and show to the collector.

What was taken and neither given back nor is held was leaked; what is held and
was not taken was given away without being the module's. Objects of which
nothing was taken and nothing is held are left out.",
    ),
    noargs(
        c"specimens",
        specimens,
        c"specimens($module, /)
--

Return the broken lines that HTLAB_SPECIMEN can name: a dict from names to patches.",
    ),
    noargs(
        c"sources",
        sources,
        c"sources($module, /)
--

Return the source that this module was made from: a dict from paths to texts.",
    ),
    PyMethodDef::zeroed(),
]);

/// Reads the settings, watches the tables, and puts the functions into the module.
///
/// # Safety
///
/// `module` is a module, which its owner keeps alive.
pub(in super::super) unsafe fn prepare(py: &mut Python, module: *mut PyObject) -> Result<()> {
    settings::read(py)?;
    table::watch::watch(stream::of_table);
    // SAFETY: the caller's obligation. The rows live for ever.
    api::succeeded(unsafe { PyModule_AddFunctions(module, FUNCTIONS.as_ptr().cast()) })
}

unsafe extern "C" fn watch(_: *mut PyObject, callback: *mut PyObject) -> *mut PyObject {
    silently(|py| {
        // SAFETY: the caller keeps the callback alive until we return; the interpreter's dict for extensions is
        // borrowed, and takes a reference of its own to what is put into it.
        unsafe {
            let nobody = callback == Py_None();
            if !nobody && PyCallable_Check(callback) == 0 {
                return Err(type_error(py, c"watch() takes a callable, or None"));
            }
            stream::set_watcher(std::ptr::null_mut());
            let dict = module::interpreter_dict(py)?;
            api::succeeded(PyDict_SetItemString(dict, c"hashtable_lab.watcher".as_ptr(), callback))?;
            if !nobody {
                stream::set_watcher(callback);
            }
        }
        Ok(Some(api::none(py)))
    })
}

unsafe extern "C" fn layers(_: *mut PyObject, names: *mut PyObject) -> *mut PyObject {
    silently(|py| {
        // SAFETY: the caller keeps it alive until we return.
        let names = unsafe { Borrowed::assume_borrowed(names) };
        let names = api::iter(py, names)?;
        let mut layers = 0;
        while let Some(name) = api::next(py, &names)? {
            let name = text_of(py, name.as_borrowed())?;
            let Some(layer) = LAYERS.iter().position(|&layer| layer == name) else {
                return Err(value_error(py, c"the layers are: module, table, reference, python"));
            };
            layers |= 1 << layer;
        }
        stream::set_layers(layers);
        Ok(Some(api::none(py)))
    })
}

unsafe extern "C" fn note(_: *mut PyObject, text: *mut PyObject) -> *mut PyObject {
    let mut read = None;
    let result = silently(|py| {
        // SAFETY: the caller keeps it alive until we return.
        read = Some(text_of(py, unsafe { Borrowed::assume_borrowed(text) })?);
        Ok(Some(api::none(py)))
    });
    if let Some(text) = read {
        stream::noted(&text);
    }
    result
}

fn text_of(py: &mut Python, object: Borrowed<'_>) -> Result<String> {
    // SAFETY: the object is alive, and a `str` where it is read as one; the text is its own, and copied.
    unsafe {
        if PyUnicode_Check(object.as_ptr()) == 0 {
            return Err(type_error(py, c"a str is needed"));
        }
        let mut length = 0;
        let text = PyUnicode_AsUTF8AndSize(object.as_ptr(), &raw mut length);
        if text.is_null() {
            return Err(Raised);
        }
        let bytes = std::slice::from_raw_parts(text.cast::<u8>(), length as usize);
        Ok(String::from_utf8_lossy(bytes).into_owned())
    }
}

unsafe extern "C" fn account_list(_: *mut PyObject, _: *mut PyObject) -> *mut PyObject {
    silently(|py| {
        let accounts = accounts();
        let holdings = holdings(py)?;
        let mut rows = Vec::new();
        let mut push = |object: &str, account: &Account, Holding { held, shown }: Holding| {
            let (taken, given_back) = (account.taken, account.given_back);
            rows.push(format!(
                r#"{{"object":{object},"taken":{taken},"given_back":{given_back},"account":{},"held":{held},"shown":{shown}}}"#,
                taken as i64 - given_back as i64
            ));
        };
        for (address, account) in &accounts {
            push(&account.object, account, holdings.get(address).copied().unwrap_or_default());
        }
        for (&address, &holding) in &holdings {
            if !accounts.contains_key(&address) {
                // SAFETY: what is held is alive, if no reference to it was lost; no Python code has run since.
                push(&unsafe { describe(address as *mut PyObject) }, &Account::default(), holding);
            }
        }
        api::string(py, format!("[{}]", rows.join(",")).as_bytes()).map(Some)
    })
}

/// How many references to an object the tables, iterators and views that live hold, and how many of these they show to
/// the collector.
#[derive(Clone, Copy, Debug, Default)]
struct Holding {
    held: u64,
    shown: u64,
}

/// All of them, by address. What a table holds is read from the table.
fn holdings(py: &mut Python) -> Result<HashMap<usize, Holding>> {
    unsafe extern "C" fn visit(object: *mut PyObject, holdings: *mut c_void) -> c_int {
        // SAFETY: it is the map below, which nobody else uses meanwhile.
        let holdings = unsafe { &mut *holdings.cast::<HashMap<usize, Holding>>() };
        holdings.entry(object as usize).or_default().shown += 1;
        0
    }

    let collect = api::import(py, c"gc", c"get_objects")?;
    let objects = api::call_with_none(py, collect.as_borrowed())?;
    let mut holdings = HashMap::<usize, Holding>::new();
    let others = [&ITERATOR_TYPE, &KEYS_TYPE, &VALUES_TYPE, &ITEMS_TYPE].map(StaticType::as_ptr);
    // SAFETY: `gc.get_objects()` returns a list, which is ours alone, and keeps what is in it alive. To look at a table
    // runs no Python code, nor does `visit`.
    unsafe {
        for index in 0..PyList_GET_SIZE(objects.as_ptr()) {
            let object = Borrowed::assume_borrowed(PyList_GET_ITEM(objects.as_ptr(), index));
            let is_table = is_table(object);
            if !is_table && !others.contains(&Py_TYPE(object.as_ptr())) {
                continue;
            }
            let mut shown = HashMap::<usize, Holding>::new();
            // Our own, since a subclass's shows what is the subclass's too.
            let traverse = if is_table {
                Some(lifecycle::traverse as _)
            } else {
                (*Py_TYPE(object.as_ptr())).tp_traverse
            };
            if let Some(traverse) = traverse {
                traverse(object.as_ptr(), visit, (&raw mut shown).cast());
            }
            for (&address, holding) in &mut shown {
                let all = holdings.entry(address).or_default();
                all.shown += holding.shown;
                // Iterators and views have no field that they do not show.
                all.held += if is_table { 0 } else { holding.shown };
            }
            if is_table {
                let this = This::assume_unshared(object.as_ptr());
                let entries =
                    this.table(py).store().iter().flat_map(|item| [item.key.as_ptr(), item.value.as_ptr()]);
                let hash_func = Some(this.hash_func.get()).filter(|hash_func| !hash_func.is_null());
                for object in entries.chain(hash_func) {
                    holdings.entry(object as usize).or_default().held += 1;
                }
            }
        }
    }
    Ok(holdings)
}

unsafe extern "C" fn specimens(_: *mut PyObject, _: *mut PyObject) -> *mut PyObject {
    silently(|py| dict_of(py, SPECIMENS).map(Some))
}

unsafe extern "C" fn sources(_: *mut PyObject, _: *mut PyObject) -> *mut PyObject {
    silently(|py| dict_of(py, SOURCES).map(Some))
}

fn dict_of(py: &mut Python, pairs: &[(&str, &str)]) -> Result<Owned> {
    // SAFETY: returns a new reference or raises; the dict takes references of its own.
    unsafe {
        let dict = Owned::assume_new(PyDict_New())?;
        for (name, text) in pairs {
            let (name, text) = (api::string(py, name.as_bytes())?, api::string(py, text.as_bytes())?);
            api::succeeded(PyDict_SetItem(dict.as_ptr(), name.as_ptr(), text.as_ptr()))?;
        }
        Ok(dict)
    }
}
