//! Looking inside: the picture, the bins, the statistics.

use super::api::{self, Turns};
use super::arguments::Arguments;
use super::boundary;
use super::errors::{Result, no_memory, value_error};
use super::hashing::hash_key;
use super::module::{self, Kept};
use super::object::{HashTableObject, PyTable, This};
use super::operations::owned;
use super::refs::{Borrowed, Owned, Python};
use crate::table::NoMemory;
use pyo3_ffi::{
    Py_ssize_t, PyObject, PyStructSequence_Desc, PyStructSequence_Field, PyStructSequence_New,
    PyStructSequence_SetItem, PyTypeObject,
};
use std::ffi::{CStr, c_int};
use std::io::Write;
use std::ptr::{null, null_mut};

/// The most lines of a `repr`. Whoever wants more asks for the picture.
const REPR_BINS: usize = 1000;

/// `tp_repr`: the picture.
pub(super) unsafe extern "C" fn repr(slf: *mut PyObject) -> *mut PyObject {
    // SAFETY: the interpreter calls this on an instance of our type.
    unsafe { boundary::method(slf, |py, this| draw(py, this, REPR_BINS)) }
}

/// `picture(max_bins=None)`.
pub(super) unsafe extern "C" fn picture(
    slf: *mut PyObject,
    args: *mut *mut PyObject,
    nargs: Py_ssize_t,
) -> *mut PyObject {
    // SAFETY: the interpreter calls this as METH_FASTCALL, on an instance of our type.
    unsafe {
        let args = Arguments::new(args, nargs);
        boundary::method(slf, |py, this| {
            let none = api::none(py);
            let max_bins = match args.up_to_one(py, c"picture")? {
                Some(max_bins) if max_bins.as_ptr() != none.as_ptr() => parse_max_bins(py, max_bins)?,
                _ => usize::MAX,
            };
            draw(py, this, max_bins)
        })
    }
}

fn parse_max_bins(py: &mut Python, max_bins: Borrowed<'_>) -> Result<usize> {
    let max_bins = api::index(py, max_bins)?;
    // SAFETY: `operator.index` returns nothing but ints.
    match unsafe { api::int_value(py, max_bins.as_ptr()) } {
        api::Wide::Fits(max_bins) if max_bins > 0 => Ok(usize::try_from(max_bins).unwrap_or(usize::MAX)),
        api::Wide::TooHigh => Ok(usize::MAX),
        _ => Err(value_error(py, c"max_bins must be a positive integer or None")),
    }
}

fn draw(py: &mut Python, this: This<'_>, max_bins: usize) -> Result<Owned> {
    let text = text(this.table(py), max_bins).map_err(no_memory)?;
    api::string(py, &text)
}

/// `[]`, and a `*` for each entry in the chain; one line a bin, `max_bins` of them at most, and in the middle a
/// line that says how many are left out.
fn text(table: &PyTable, max_bins: usize) -> std::result::Result<Vec<u8>, NoMemory> {
    let (size, mut text) = (table.size(), Vec::new());
    if size <= max_bins {
        draw_bins(table, 0..size, &mut text)?;
    } else {
        let tail = size - max_bins / 2;
        let head = max_bins - max_bins / 2;
        draw_bins(table, 0..head, &mut text)?;
        // Room enough for any number of bins: writing it cannot fail, nor take more memory.
        text.try_reserve(64).map_err(|_| NoMemory)?;
        let left_out = tail - head;
        let plural = if left_out == 1 { "" } else { "s" };
        let written = writeln!(text, "... {left_out} more bin{plural} ...");
        debug_assert!(written.is_ok());
        draw_bins(table, tail..size, &mut text)?;
    }
    // Lines are parted by line feeds: there is none after the last.
    text.pop();
    Ok(text)
}

fn draw_bins(
    table: &PyTable,
    bins: std::ops::Range<usize>,
    text: &mut Vec<u8>,
) -> std::result::Result<(), NoMemory> {
    for bin in bins {
        let entries = table.chain(bin).count();
        text.try_reserve(entries + 3).map_err(|_| NoMemory)?;
        text.extend_from_slice(b"[]");
        text.resize(text.len() + entries, b'*');
        text.push(b'\n');
    }
    Ok(())
}

/// `bins()`: the keys in each bin, in chain order.
pub(super) unsafe extern "C" fn bins(slf: *mut PyObject, _: *mut PyObject) -> *mut PyObject {
    // SAFETY: the interpreter calls this on an instance of our type.
    unsafe {
        boundary::method(slf, |py, this| {
            let stamp = this.stamp(py);
            let size = this.table(py).size();
            let mut bins = Vec::new();
            bins.try_reserve_exact(size).map_err(|_| no_memory(NoMemory))?;
            let mut turns = Turns::default();
            for bin in 0..size {
                turns.next(py)?;
                // Making a list may start a collection, and that may run Python code.
                if this.stamp(py) != stamp {
                    return Err(super::errors::runtime_error(py, c"HashTable changed while it was read"));
                }
                let keys = keys_in(py, this.table(py), bin).map_err(no_memory)?;
                bins.push(api::list(py, keys)?);
            }
            api::list(py, bins)
        })
    }
}

/// New references to the keys in `bin`.
fn keys_in(py: &Python, table: &PyTable, bin: usize) -> std::result::Result<Vec<Owned>, NoMemory> {
    let mut keys = Vec::new();
    for item in table.chain(bin) {
        keys.try_reserve(1).map_err(|_| NoMemory)?;
        keys.push(owned(py, item.key));
    }
    Ok(keys)
}

/// `bin_of(key)`.
pub(super) unsafe extern "C" fn bin_of(slf: *mut PyObject, key: *mut PyObject) -> *mut PyObject {
    // SAFETY: the interpreter calls this on an instance of our type, and keeps the key alive.
    unsafe {
        boundary::method(slf, |py, this| {
            let key = hash_key(py, this, Borrowed::assume_borrowed(key))?;
            api::int(py, this.table(py).bin_of(key.hash))
        })
    }
}

/// `__sizeof__()`: the object and what it has on the heap. `sys.getsizeof` adds the collector's header.
pub(super) unsafe extern "C" fn sizeof(slf: *mut PyObject, _: *mut PyObject) -> *mut PyObject {
    // SAFETY: the interpreter calls this on an instance of our type; the type of a live object is alive.
    unsafe {
        boundary::method(slf, |py, this| {
            let object = (*pyo3_ffi::Py_TYPE(this.as_object().as_ptr())).tp_basicsize as usize;
            debug_assert!(object >= size_of::<HashTableObject>());
            api::int(py, object + this.table(py).heap_bytes())
        })
    }
}

/// `stats()`: a `Stats` record.
pub(super) unsafe extern "C" fn stats(slf: *mut PyObject, _: *mut PyObject) -> *mut PyObject {
    // SAFETY: the interpreter calls this on an instance of our type.
    unsafe {
        boundary::method(slf, |py, this| {
            let statistics = this.table(py).statistics();
            let resizes = this.table(py).resizes();
            let fields = [
                api::int(py, statistics.size)?,
                api::int(py, statistics.load)?,
                api::float(py, statistics.load_proportion())?,
                api::int(py, statistics.occupied_bins)?,
                api::int(py, statistics.longest_chain)?,
                api::float(py, statistics.mean_chain())?,
                api::float(py, statistics.expected_hit_probes())?,
                api::float(py, statistics.expected_miss_probes())?,
                api::int(py, resizes)?,
            ];
            let class = module::kept(py, Kept::Stats)?;
            // A new reference or NULL; setting an item steals its reference.
            let record = Owned::assume_new(PyStructSequence_New(class.as_ptr().cast()))?;
            for (index, field) in fields.into_iter().enumerate() {
                PyStructSequence_SetItem(record.as_ptr(), index as Py_ssize_t, field.into_stolen());
            }
            Ok(record)
        })
    }
}

/// The class of what `stats()` returns: a tuple with named fields. A new reference.
pub(super) fn stats_type(_: &mut Python) -> Result<Owned> {
    const fn field(name: &'static CStr, doc: &'static CStr) -> PyStructSequence_Field {
        PyStructSequence_Field { name: name.as_ptr(), doc: doc.as_ptr() }
    }
    let mut fields = [
        field(c"size", c"the number of bins"),
        field(c"load", c"the number of entries"),
        field(c"load_proportion", c"entries per bin"),
        field(c"occupied_bins", c"the number of bins that hold an entry"),
        field(c"longest_chain", c"the number of entries in the longest chain"),
        field(c"mean_chain", c"entries per occupied bin; 0.0 in an empty table"),
        field(
            c"hit_probes",
            c"entries that a search looks at on average, if it finds its key and each is as likely; 0.0 in an empty table",
        ),
        field(
            c"miss_probes",
            c"entries in the chain of a key that is not there on average, if each bin is as likely",
        ),
        field(c"resizes", c"how often the table has grown"),
        PyStructSequence_Field { name: null(), doc: null() },
    ];
    let mut description = PyStructSequence_Desc {
        name: c"hashtable.Stats".as_ptr(),
        doc: c"How the entries of a HashTable are spread over its bins.".as_ptr(),
        fields: fields.as_mut_ptr(),
        n_in_sequence: fields.len() as c_int - 1,
    };
    // SAFETY: the description is only read during the call, but for its texts, which live for ever.
    let class: *mut PyTypeObject = unsafe { pyo3_ffi::PyStructSequence_NewType(&raw mut description) };
    let class: *mut PyObject = if class.is_null() { null_mut() } else { class.cast() };
    // SAFETY: a new reference, or NULL with an exception set.
    unsafe { Owned::assume_new(class) }
}
