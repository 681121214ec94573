//! The memory that replications under way share.
//!
//! Each may take all of it. Where several together would take more, one gives up and runs again by itself: what it finds
//! is the same, so nobody sees how many threads there were.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

use crate::engine::GoOn;

/// So many bytes, and who is in them.
pub(super) struct Room<'a> {
    most: u64,
    cancelled: &'a AtomicBool,
    used: AtomicU64,
    /// Read by all who share it, written by one who needs it for itself.
    door: RwLock<()>,
}

impl Room<'_> {
    pub(super) fn new(most: u64, cancelled: &AtomicBool) -> Room<'_> {
        Room { most, cancelled, used: AtomicU64::new(0), door: RwLock::new(()) }
    }

    /// Does work that begins with so many bytes and can be given up; none if it was cancelled.
    pub(super) fn work<T>(&self, at_rest: u64, work: impl Fn(GoOn<'_>) -> Option<T>) -> Option<T> {
        let is_cancelled = || self.cancelled.load(Ordering::Relaxed);
        let beside_others = self.door.read().unwrap_or_else(PoisonError::into_inner);
        let held = Held { room: self, bytes: Cell::new(0) };
        let go_on = |bytes| !is_cancelled() && held.hold(bytes);
        let done = if go_on(at_rest) { work(&go_on) } else { None };
        drop(held);
        drop(beside_others);
        if done.is_some() || is_cancelled() {
            return done;
        }
        let _alone = self.door.write().unwrap_or_else(PoisonError::into_inner);
        if is_cancelled() { None } else { work(&|_| !is_cancelled()) }
    }
}

/// What one of them holds.
struct Held<'a> {
    room: &'a Room<'a>,
    bytes: Cell<u64>,
}

impl Held<'_> {
    /// It holds so many bytes now; false if that is too many, with those of the others.
    fn hold(&self, bytes: u64) -> bool {
        let more = bytes.wrapping_sub(self.bytes.replace(bytes));
        let used = self.room.used.fetch_add(more, Ordering::Relaxed).wrapping_add(more);
        used <= self.room.most
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.room.used.fetch_sub(self.bytes.get(), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_finds_no_room_works_alone() {
        let cancelled = AtomicBool::new(false);
        let room = Room::new(100, &cancelled);
        let tries = Cell::new(0);
        let outer = room.work(60, |go_on| {
            tries.set(tries.get() + 1);
            let alone = tries.get() > 1;
            // Somebody else holds 50 besides.
            let other = Held { room: &room, bytes: Cell::new(0) };
            assert!(other.hold(40) && go_on(60));
            assert_eq!((other.hold(41), go_on(60)), (alone, alone), "60 and 41 are more than 100");
            go_on(60).then_some(tries.get())
        });
        assert_eq!(outer, Some(2));
        assert_eq!(room.used.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn what_is_cancelled_is_given_up() {
        let cancelled = AtomicBool::new(true);
        assert_eq!(Room::new(100, &cancelled).work(0, |_| Some(())), None);
        cancelled.store(false, Ordering::Relaxed);
        let room = Room::new(100, &cancelled);
        let give_up = |go_on: GoOn<'_>| {
            cancelled.store(true, Ordering::Relaxed);
            go_on(1).then_some(())
        };
        assert_eq!(room.work(0, give_up), None);
    }
}
