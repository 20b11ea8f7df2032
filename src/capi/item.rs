//! `ht_item`, `ht_value`, and what a value is once its type is known.

use crate::table::{Entry, Link, NoMemory};
use libc::{c_char, c_double, c_long, c_uint, c_void};
use std::ffi::CStr;
use std::ptr::{self, NonNull};
use std::slice;

/// `ht_value` of the header: eight bytes that are a long, a double or a pointer. Each of them admits any bits,
/// so that reading any field is always sound; to follow the pointer is another matter.
#[derive(Clone, Copy)]
#[repr(C)]
pub union Value {
    pub i: c_long,
    pub f: c_double,
    pub str: *mut c_char,
    pub bytes: *mut Bytes,
    pub ptr: *mut c_void,
}

/// `ht_bytes` of the header: where bytes are, and how many. Borrowed in what a caller hands in; in an item it is
/// the first part of a [`Block`].
#[repr(C)]
pub struct Bytes {
    pub(super) length: usize,
    pub(super) data: *const c_char,
}

/// What an item keeps for [`Datum::Bytes`]: one allocation, that the bytes follow if they were copied.
#[repr(C)]
struct Block {
    view: Bytes,
    /// The allocation that the bytes are in, if they were adopted; NULL if they follow.
    adopted: *mut c_char,
}

/// `ht_type` of the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    Integer = 0,
    Double = 1,
    String = 2,
    Bytes = 3,
    Pointer = 4,
}

impl Kind {
    /// The kind with this number, if there is one: C may hand in any.
    #[inline]
    pub fn from_tag(tag: c_uint) -> Option<Self> {
        match tag {
            0 => Some(Self::Integer),
            1 => Some(Self::Double),
            2 => Some(Self::String),
            3 => Some(Self::Bytes),
            4 => Some(Self::Pointer),
            _ => None,
        }
    }
}

/// A value and its type in one.
#[derive(Clone, Copy, Debug)]
pub enum Datum {
    Integer(c_long),
    Double(c_double),
    /// Borrowed or owned, as the function that has it says. May be NULL.
    String(*mut c_char),
    /// Borrowed, or an item's own, and then the head of a `Block`. May be NULL.
    Bytes(*mut Bytes),
    /// The table never follows it.
    Pointer(*mut c_void),
}

impl Datum {
    /// What C means by a value and a type tag; `None` if there is no such type.
    #[inline]
    pub fn new(value: Value, tag: c_uint) -> Option<Self> {
        Kind::from_tag(tag).map(|kind| Self::of_kind(value, kind))
    }

    #[inline]
    fn of_kind(value: Value, kind: Kind) -> Self {
        // SAFETY: the bytes are initialised, and each field admits any bits (see `Value`).
        unsafe {
            match kind {
                Kind::Integer => Self::Integer(value.i),
                Kind::Double => Self::Double(value.f),
                Kind::String => Self::String(value.str),
                Kind::Bytes => Self::Bytes(value.bytes),
                Kind::Pointer => Self::Pointer(value.ptr),
            }
        }
    }

    #[inline]
    pub fn kind(self) -> Kind {
        match self {
            Self::Integer(_) => Kind::Integer,
            Self::Double(_) => Kind::Double,
            Self::String(_) => Kind::String,
            Self::Bytes(_) => Kind::Bytes,
            Self::Pointer(_) => Kind::Pointer,
        }
    }

    #[inline]
    fn value(self) -> Value {
        match self {
            Self::Integer(i) => Value { i },
            Self::Double(f) => Value { f },
            Self::String(str) => Value { str },
            Self::Bytes(bytes) => Value { bytes },
            Self::Pointer(ptr) => Value { ptr },
        }
    }

    /// Value and type tag, as C has them.
    pub fn parts(self) -> (Value, c_uint) {
        (self.value(), self.kind() as c_uint)
    }

    /// Whether this can be a value: bytes that are nowhere cannot, unless there are none.
    ///
    /// # Safety
    ///
    /// 1. Bytes are NULL or can be read.
    #[inline]
    pub unsafe fn is_sound(self) -> bool {
        match self {
            Self::Bytes(bytes) if !bytes.is_null() => {
                // SAFETY: by 1.
                let Bytes { length, data } = unsafe { &*bytes };
                *length == 0 || !data.is_null() && isize::try_from(*length).is_ok()
            }
            _ => true,
        }
    }

    /// Whether this can be a key: what can be a value, but neither a NULL string nor NULL bytes.
    ///
    /// # Safety
    ///
    /// 1. Bytes are NULL or can be read.
    #[inline]
    pub unsafe fn is_key(self) -> bool {
        match self {
            Self::Integer(_) | Self::Double(_) | Self::Pointer(_) => true,
            Self::String(string) => !string.is_null(),
            // SAFETY: by 1.
            Self::Bytes(bytes) => !bytes.is_null() && unsafe { self.is_sound() },
        }
    }

    /// Whether this is a string or bytes.
    #[inline]
    pub fn is_text(self) -> bool {
        matches!(self, Self::String(_) | Self::Bytes(_))
    }

    /// The bytes of a string without its NUL, or of bytes; `None` for NULL and for every other type.
    ///
    /// # Safety
    ///
    /// 1. A string is NULL or ends in a NUL; bytes are NULL or as many as they say, and
    ///    [sound](Self::is_sound). They stay as they are for as long as they are looked at.
    #[inline]
    pub unsafe fn bytes<'a>(self) -> Option<&'a [u8]> {
        match self {
            // SAFETY: by 1, since it is not NULL.
            Self::String(string) if !string.is_null() => Some(unsafe { CStr::from_ptr(string) }.to_bytes()),
            Self::Bytes(bytes) if !bytes.is_null() => {
                // SAFETY: by 1.
                let Bytes { length, data } = unsafe { &*bytes };
                if *length == 0 {
                    return Some(&[]);
                }
                // SAFETY: by 1: so many bytes are there, not more than an isize counts, and not at NULL.
                Some(unsafe { slice::from_raw_parts(data.cast(), *length) })
            }
            _ => None,
        }
    }

    /// Whether both are of one type and equal (T5): a NaN equals a NaN, and NULL only NULL.
    ///
    /// # Safety
    ///
    /// 1. A string or bytes, on either side, are as [`bytes`](Self::bytes) wants them.
    #[inline]
    #[allow(clippy::float_cmp, reason = "keys are equal or they are not")]
    pub unsafe fn equals(self, other: Self) -> bool {
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => a == b,
            (Self::Double(a), Self::Double(b)) => a == b || a.is_nan() && b.is_nan(),
            (Self::String(a), Self::String(b)) if a.is_null() || b.is_null() => a == b,
            // SAFETY: by 1, since neither is NULL.
            (Self::String(a), Self::String(b)) => a == b || unsafe { libc::strcmp(a, b) } == 0,
            // SAFETY: by 1.
            (Self::Bytes(a), Self::Bytes(b)) => a == b || unsafe { self.bytes() == other.bytes() },
            (Self::Pointer(a), Self::Pointer(b)) => a == b,
            _ => false,
        }
    }

    /// The datum for an item to own: a string or bytes are copied if `copy` says so, and else they are adopted:
    /// they are the datum's already. What is one of `held`, the item's own, is adopted as it is.
    ///
    /// # Safety
    ///
    /// 1. A string or bytes are as [`bytes`](Self::bytes) wants them.
    /// 2. Unless copied, they are malloc'ed, or one of `held`.
    #[inline]
    pub unsafe fn owned(self, copy: bool, held: [Self; 2]) -> Result<Self, NoMemory> {
        match self {
            // SAFETY: by 1.
            Self::String(string) if copy && !string.is_null() => unsafe { copied_string(string) },
            Self::Bytes(bytes) if !bytes.is_null() => {
                let is_held = held.iter().any(|held| matches!(held, Self::Bytes(own) if *own == bytes));
                // SAFETY: by 1.
                if !copy && is_held { Ok(self) } else { unsafe { block(bytes, copy) } }
            }
            _ => Ok(self),
        }
    }

    /// Undoes [`owned`](Self::owned), which made `self` of `original`: frees what that took, and lets go of what
    /// it adopted.
    ///
    /// # Safety
    ///
    /// 1. `self` came of `original` in this way, and nobody uses it from now on.
    #[cold]
    pub unsafe fn disown(self, original: Self) {
        let [first, _] = self.value_allocation();
        let [same, _] = original.value_allocation();
        if first != same {
            // SAFETY: `owned` has malloc'ed it: a copy of a string, or a block; what a block adopted is another
            // allocation.
            unsafe { libc::free(first) };
        }
    }

    /// What `self` points to, if it is a string or bytes; and NULL.
    #[inline]
    fn value_allocation(self) -> [*mut c_void; 2] {
        match self {
            Self::String(string) => [string.cast(), ptr::null_mut()],
            Self::Bytes(bytes) => [bytes.cast(), ptr::null_mut()],
            Self::Integer(_) | Self::Double(_) | Self::Pointer(_) => [ptr::null_mut(); 2],
        }
    }

    /// The allocations behind a datum that an item owns.
    ///
    /// # Safety
    ///
    /// 1. The datum is an item's own.
    #[inline]
    unsafe fn allocations(self) -> [*mut c_void; 2] {
        let mut allocations = self.value_allocation();
        if let Self::Bytes(bytes) = self
            && !bytes.is_null()
        {
            // SAFETY: by 1 the bytes are the first part of a block.
            allocations[1] = unsafe { (*bytes.cast::<Block>()).adopted }.cast();
        }
        allocations
    }

    /// Whether an item that has this owns memory with it.
    #[inline]
    fn owns(self) -> bool {
        matches!(self, Self::String(_) | Self::Bytes(_))
    }
}

/// A malloc'ed copy of a string.
///
/// # Safety
///
/// 1. It ends in a NUL.
#[inline(never)]
unsafe fn copied_string(string: *const c_char) -> Result<Datum, NoMemory> {
    // SAFETY: by 1.
    let copy = unsafe { libc::strdup(string) };
    if copy.is_null() { Err(NoMemory) } else { Ok(Datum::String(copy)) }
}

/// A block with a copy of the bytes, or one that adopts them. A copy is followed by a NUL that does not count, for
/// those who print it.
///
/// # Safety
///
/// 1. The bytes are as [`Datum::bytes`] wants them, and not NULL.
#[inline(never)]
unsafe fn block(bytes: *const Bytes, copy: bool) -> Result<Datum, NoMemory> {
    // SAFETY: by 1.
    let Bytes { length, data } = unsafe { &*bytes };
    let size = size_of::<Block>() + if copy { *length + 1 } else { 0 };
    // SAFETY: malloc may be called with any size; this one cannot overflow, since by 1 an isize counts the bytes.
    let place = unsafe { libc::malloc(size) };
    let place = NonNull::new(place.cast::<Block>()).ok_or(NoMemory)?;
    let (data, adopted) = if copy {
        // SAFETY: behind the block there is room for the bytes, which by 1 are there, and for the NUL.
        let after = unsafe {
            let after = place.add(1).cast::<c_char>();
            if *length > 0 {
                after.copy_from_nonoverlapping(NonNull::new_unchecked(data.cast_mut()), *length);
            }
            after.add(*length).write(0);
            after
        };
        (after.as_ptr().cast_const(), ptr::null_mut())
    } else {
        (*data, data.cast_mut())
    };
    // SAFETY: fresh memory of the right size, and malloc aligns for any type.
    unsafe { place.write(Block { view: Bytes { length: *length, data }, adopted }) };
    Ok(Datum::Bytes(place.cast().as_ptr()))
}

/// Who has an item. Zeroed memory reads as vacant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum State {
    /// Nobody: a free slot.
    Vacant = 0,
    /// The table.
    Held = 1,
    /// The caller, who removed it and has not freed it.
    Out = 2,
}

/// `ht_item` of the header: one entry, 32 bytes.
///
/// C can read all of it, and may write the value; so types and state are kept as the bare numbers that C
/// sees. A copy of one is a borrowing one: only one of the two may be emptied.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Item {
    pub(super) hash: c_long,
    pub(super) key: Value,
    pub(super) value: Value,
    /// The next of the chain; for an item that is out or vacant, what `chunks` needs.
    pub(super) link: Link,
    pub(super) key_type: u8,
    pub(super) value_type: u8,
    pub(super) private: Private,
}

/// What an item tells nobody but the library.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct Private {
    state: u8,
    /// See [`Sought`](super::sought::Sought); 0 if there is none.
    fingerprint: u8,
}

impl Item {
    /// An item for the table to hold. It owns the memory behind its key and value, if there is any.
    #[inline]
    pub fn new(hash: c_long, key: Datum, fingerprint: u8, value: Datum) -> Self {
        Self {
            hash,
            key: key.value(),
            value: value.value(),
            link: Link::END,
            key_type: key.kind() as u8,
            value_type: value.kind() as u8,
            private: Private { state: State::Held as u8, fingerprint },
        }
    }

    #[inline]
    pub fn key(&self) -> Datum {
        Self::datum(self.key, self.key_type)
    }

    #[inline]
    pub fn value(&self) -> Datum {
        Self::datum(self.value, self.value_type)
    }

    /// The same item, link and hash and all, with this key, which is equal to its own, and this value.
    pub fn with(self, key: Datum, value: Datum) -> Self {
        Self { key: key.value(), value: value.value(), value_type: value.kind() as u8, ..self }
    }

    /// A number that is no type can only come from a program that wrote over it; an integer is the reading
    /// that follows no pointer.
    #[inline]
    fn datum(value: Value, tag: u8) -> Datum {
        Datum::of_kind(value, Kind::from_tag(tag.into()).unwrap_or(Kind::Integer))
    }

    #[inline]
    pub fn is(&self, state: State) -> bool {
        self.private.state == state as u8
    }

    /// Says who has it now.
    #[inline]
    pub fn becomes(&mut self, state: State) {
        self.private.state = state as u8;
    }

    #[inline]
    pub fn fingerprint(&self) -> u8 {
        self.private.fingerprint
    }

    /// Whether the key is of this kind.
    #[inline]
    pub fn has_key_of(&self, kind: Kind) -> bool {
        self.key_type == kind as u8
    }

    /// Whether the key is this integer.
    #[inline]
    pub fn has_integer(&self, key: c_long) -> bool {
        // SAFETY: any bits are a long.
        self.has_key_of(Kind::Integer) && unsafe { self.key.i } == key
    }

    /// Takes over a new key, equal to its own, and a new value, and frees the memory that this leaves without
    /// use: the caller may have handed back what the item holds. Returns the pointer that was the value and is
    /// no longer.
    ///
    /// # Safety
    ///
    /// 1. What the item owns and what is new to it is NULL or malloc'ed, and the item comes to own it.
    pub unsafe fn replace(&mut self, key: Datum, value: Datum) -> Option<NonNull<c_void>> {
        let (old_key, old_value) = (self.key(), self.value());
        self.key = key.value();
        self.value = value.value();
        self.value_type = value.kind() as u8;
        if old_key.owns() || old_value.owns() {
            // SAFETY: by 1 it was the item's, and nothing that it holds now is freed.
            unsafe { free_all([old_key, old_value], [key, value]) };
        }
        match (old_value, value) {
            (Datum::Pointer(old), Datum::Pointer(new)) if old == new => None,
            (Datum::Pointer(old), _) => NonNull::new(old),
            _ => None,
        }
    }

    /// Frees the memory that the item owns, and leaves it without any. Returns the pointer that was its value.
    ///
    /// # Safety
    ///
    /// 1. What the item owns is NULL or malloc'ed, and its own.
    #[inline]
    pub unsafe fn empty(&mut self) -> Option<NonNull<c_void>> {
        let (key, value) = (self.key(), self.value());
        self.key = Value { i: 0 };
        self.value = Value { i: 0 };
        if key.owns() || value.owns() {
            // SAFETY: by 1, and the item has just forgotten it.
            unsafe { free_all([key, value], [Datum::Integer(0); 2]) };
        }
        if let Datum::Pointer(pointer) = value { NonNull::new(pointer) } else { None }
    }
}

/// Frees a key that was handed in to be adopted, and that its item has already; but not if it is the item's own.
///
/// # Safety
///
/// 1. A string, or what bytes point to, is NULL or malloc'ed, and nobody uses it from now on; or it is one of
///    `held`, which are an item's own.
pub unsafe fn discard(key: Datum, held: [Datum; 2]) {
    let [own, _] = key.value_allocation();
    if held.iter().any(|held| held.value_allocation()[0] == own) {
        return;
    }
    match key {
        // SAFETY: by 1.
        Datum::String(string) => unsafe { libc::free(string.cast()) },
        // SAFETY: by 1. The `Bytes` themselves are the caller's.
        Datum::Bytes(bytes) if !bytes.is_null() => unsafe { libc::free((*bytes).data.cast_mut().cast()) },
        _ => {}
    }
}

/// Frees the memory behind `old` that is not behind `kept`, each allocation once: one string may be both the key
/// and the value.
///
/// # Safety
///
/// 1. All of them are NULL or malloc'ed, as an item owns it; nobody uses what is not behind `kept`.
#[inline(never)]
unsafe fn free_all(old: [Datum; 2], kept: [Datum; 2]) {
    // SAFETY: by 1.
    let allocations = |of: [Datum; 2]| of.map(|datum| unsafe { datum.allocations() });
    let (old, kept) = (allocations(old), allocations(kept));
    let (old, kept) = (old.as_flattened(), kept.as_flattened());
    for (index, allocation) in old.iter().enumerate() {
        if !allocation.is_null() && !kept.contains(allocation) && !old[..index].contains(allocation) {
            // SAFETY: by 1; it is not kept, and was not freed before.
            unsafe { libc::free(*allocation) };
        }
    }
}

impl Entry for Item {
    #[inline]
    fn hash(&self) -> i64 {
        self.hash
    }

    #[inline]
    fn next(&self) -> Link {
        self.link
    }

    #[inline]
    fn set_next(&mut self, next: Link) {
        self.link = next;
    }
}
