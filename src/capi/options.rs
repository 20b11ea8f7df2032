//! `ht_options` and `ht_statistics`: structs that C fills or has filled, and that can grow.
//!
//! Each begins with its size as the caller's header has it. A program that was compiled with an older header
//! keeps working with a newer library, which knows what a shorter struct lacks; and a newer one with this
//! library, as long as what this one does not know is left zero.

use super::chunks::Destroyer;
use super::failure::Status;
use super::handle::Handle;
use super::hash::{Callback, Hashing};
use crate::hashes::{Function, random_seed};
use crate::table::MaxLoad;
use libc::{c_double, c_long, c_uint, c_void};
use std::num::NonZeroUsize;
use std::{ptr, slice};

/// What `size` and `max_load_proportion` are if they are 0.
const DEFAULT_SIZE: NonZeroUsize = NonZeroUsize::new(8).unwrap();
const DEFAULT_MAX_LOAD: c_double = 0.5;

/// More than any header will ever have: a size above is a struct that was not initialised.
const MAX_STRUCT_SIZE: usize = 4096;

/// What to copy of a key and a value that are added: flags of `ht_put` and its like.
pub const COPY_KEY: c_uint = 1;
pub const COPY_VALUE: c_uint = 2;

/// Flags of `ht_options`.
pub const NEVER_RESIZE: c_uint = 1;
pub const SEEDED: c_uint = 2;

/// Numbers of `ht_hashing`.
pub const HASH_SIP: c_uint = 0;
pub const HASH_TALK: c_uint = 1;
pub const HASH_CALLBACK: c_uint = 2;
pub const HASH_IDENTITY: c_uint = 3;
pub const HASH_FIBONACCI: c_uint = 4;
pub const HASH_FNV1A: c_uint = 5;
pub const HASH_XXH3: c_uint = 6;

/// `ht_copy_function` of the header.
pub type CopyFunction = unsafe extern "C" fn(*mut c_void, *mut c_void) -> *mut c_void;

/// `ht_options` of the header.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Options {
    pub(super) struct_size: usize,
    pub(super) size: c_long,
    pub(super) max_load_proportion: c_double,
    pub(super) hashing: c_uint,
    pub(super) flags: c_uint,
    pub(super) seed: [u64; 2],
    pub(super) hash: Option<Callback>,
    pub(super) hash_context: *mut c_void,
    pub(super) free_value: Option<unsafe extern "C" fn(*mut c_void, *mut c_void)>,
    pub(super) copy_value: Option<CopyFunction>,
    pub(super) value_context: *mut c_void,
}

/// What a table is made of: options that were found good.
pub struct Plan {
    pub size: NonZeroUsize,
    /// None: never resize.
    pub max_load: Option<MaxLoad>,
    pub hashing: Hashing,
    pub destroyer: Destroyer,
    pub copier: Option<CopyFunction>,
}

impl Plan {
    /// What `ht_new` makes.
    pub fn talk(size: c_long, max_load_proportion: c_double) -> Result<Self, Status> {
        Ok(Self {
            size: bins(size)?,
            max_load: Some(MaxLoad::new(max_load_proportion).ok_or(Status::Invalid)?),
            hashing: Hashing::Native(Function::Talk),
            destroyer: Destroyer::NONE,
            copier: None,
        })
    }
}

fn bins(size: c_long) -> Result<NonZeroUsize, Status> {
    usize::try_from(size).ok().and_then(NonZeroUsize::new).ok_or(Status::Invalid)
}

impl Options {
    const DEFAULT: Self = Self {
        struct_size: size_of::<Self>(),
        size: 0,
        max_load_proportion: 0.0,
        hashing: HASH_SIP,
        flags: 0,
        seed: [0; 2],
        hash: None,
        hash_context: ptr::null_mut(),
        free_value: None,
        copy_value: None,
        value_context: ptr::null_mut(),
    };

    /// The options that C hands in; NULL stands for the defaults.
    ///
    /// # Safety
    ///
    /// 1. The pointer is NULL or to a struct of the size that it begins with.
    pub unsafe fn read(options: *const Self) -> Result<Self, Status> {
        if options.is_null() {
            return Ok(Self::DEFAULT);
        }
        // SAFETY: by 1; a size is what every such struct begins with.
        let size = unsafe { options.cast::<usize>().read() };
        if !(size_of::<Self>()..=MAX_STRUCT_SIZE).contains(&size) {
            return Err(Status::Invalid);
        }
        // SAFETY: by 1 so many bytes are there.
        let (options, rest) = unsafe {
            let rest = options.add(1).cast::<u8>();
            (options.read(), slice::from_raw_parts(rest, size - size_of::<Self>()))
        };
        // What we do not know of, we cannot do.
        if rest.iter().all(|&byte| byte == 0) { Ok(options) } else { Err(Status::Invalid) }
    }

    pub fn plan(&self) -> Result<Plan, Status> {
        if self.flags & !(NEVER_RESIZE | SEEDED) != 0 {
            return Err(Status::Invalid);
        }
        let size = if self.size == 0 { DEFAULT_SIZE } else { bins(self.size)? };
        let proportion =
            if self.max_load_proportion == 0.0 { DEFAULT_MAX_LOAD } else { self.max_load_proportion };
        let max_load = MaxLoad::new(proportion).ok_or(Status::Invalid)?;
        Ok(Plan {
            size,
            max_load: (self.flags & NEVER_RESIZE == 0).then_some(max_load),
            hashing: self.hashing()?,
            destroyer: Destroyer { function: self.free_value, context: self.value_context },
            copier: self.copy_value,
        })
    }

    fn hashing(&self) -> Result<Hashing, Status> {
        let seed = || if self.flags & SEEDED != 0 { self.seed } else { random_seed() };
        let function = match (self.hashing, self.hash) {
            (HASH_CALLBACK, Some(function)) => return Ok(Hashing::Callback(function, self.hash_context)),
            (HASH_SIP, None) => Function::Sip(seed()),
            (HASH_TALK, None) => Function::Talk,
            (HASH_IDENTITY, None) => Function::Identity,
            (HASH_FIBONACCI, None) => Function::Fibonacci,
            (HASH_FNV1A, None) => Function::Fnv1a,
            (HASH_XXH3, None) => Function::Xxh3(seed()[0]),
            _ => return Err(Status::Invalid),
        };
        Ok(Hashing::Native(function))
    }
}

/// `ht_statistics` of the header.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Statistics {
    pub(super) struct_size: usize,
    pub(super) size: c_long,
    pub(super) load: c_long,
    pub(super) load_proportion: c_double,
    pub(super) occupied_bins: c_long,
    pub(super) longest_chain: c_long,
    pub(super) mean_chain: c_double,
    pub(super) hit_probes: c_double,
    pub(super) miss_probes: c_double,
    pub(super) resizes: c_long,
    pub(super) memory: c_long,
}

impl Statistics {
    pub fn of(handle: &Handle) -> Self {
        let table = handle.table();
        let statistics = table.statistics();
        Self {
            struct_size: size_of::<Self>(),
            size: statistics.size as c_long,
            load: statistics.load as c_long,
            load_proportion: statistics.load_proportion(),
            occupied_bins: statistics.occupied_bins as c_long,
            longest_chain: statistics.longest_chain as c_long,
            mean_chain: statistics.mean_chain(),
            hit_probes: statistics.expected_hit_probes(),
            miss_probes: statistics.expected_miss_probes(),
            resizes: table.resizes() as c_long,
            memory: (size_of::<Handle>() + table.heap_bytes()) as c_long,
        }
    }

    /// Writes the statistics where C wants them; what a newer header has besides becomes zero.
    ///
    /// # Safety
    ///
    /// 1. The pointer is to a struct of the size that it begins with, and nobody else's meanwhile.
    pub unsafe fn write(self, place: *mut Self) -> Result<(), Status> {
        // SAFETY: by 1; a size is what every such struct begins with.
        let size = unsafe { place.cast::<usize>().read() };
        if !(size_of::<Self>()..=MAX_STRUCT_SIZE).contains(&size) {
            return Err(Status::Invalid);
        }
        // SAFETY: by 1 so many bytes are there.
        unsafe {
            place.write(Self { struct_size: size, ..self });
            place.add(1).cast::<u8>().write_bytes(0, size - size_of::<Self>());
        }
        Ok(())
    }
}
