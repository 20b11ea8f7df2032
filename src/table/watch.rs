//! What happens inside a table, for who wants to watch. Only in a build with feature `lab`: in every other one the
//! macro `tell!` is nothing, and what it is given is not even compiled.
//!
//! A table tells, and goes on: it is borrowed while it does, so who is told may note it down and no more.

/// Tells the watcher of one [`Event`]. Nothing without feature `lab`.
macro_rules! tell {
    ($($event:tt)*) => {
        #[cfg(feature = "lab")]
        $crate::table::watch::notify($crate::table::watch::Event::$($event)*);
    };
}
pub(super) use tell;

#[cfg(feature = "lab")]
pub(crate) use watching::{Event, watch};

#[cfg(feature = "lab")]
pub(super) use watching::notify;

#[cfg(feature = "lab")]
mod watching {
    use std::sync::OnceLock;

    /// Something that a table has done, or found.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(crate) enum Event {
        /// A key with this hash is looked for in this bin of `size`. If the tag of the chain denies it, nothing of the
        /// chain is looked at.
        Bin { hash: i64, bin: usize, size: usize, denied: bool },
        /// An entry of the chain is looked at: `same` if it has the hash that is looked for.
        Probe { slot: usize, hash: i64, same: bool },
        /// An entry has come to the tail of its chain.
        Append { bin: usize, slot: usize, load: usize },
        /// The bins are about to become more, or fewer.
        Resize { from: usize, to: usize },
        /// An entry has come to the tail of its chain in the new bins.
        Move { slot: usize, from: usize, to: usize },
        /// An entry has left its chain.
        Remove { bin: usize, slot: usize, load: usize },
        /// All entries are about to leave.
        Clear { load: usize },
    }

    static WATCHER: OnceLock<fn(Event)> = OnceLock::new();

    /// From now on `watcher` is told of what happens in every table. The first one stays.
    pub(crate) fn watch(watcher: fn(Event)) {
        let _ = WATCHER.set(watcher);
    }

    #[inline]
    pub(in super::super) fn notify(event: Event) {
        if let Some(watcher) = WATCHER.get() {
            watcher(event);
        }
    }
}
