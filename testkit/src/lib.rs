//! What tests of several crates share: how much memory a piece of work takes at the worst moment.
//!
//! A program that uses this crate gets its allocator, which is the system's and counts. Counting is by thread, so that
//! tests that run at the same time do not count for each other.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

struct Counting;

thread_local! {
    static LIVE: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

fn grow(bytes: usize) {
    let live = LIVE.get() + bytes as isize;
    LIVE.set(live);
    PEAK.set(PEAK.get().max(live));
}

fn shrink(bytes: usize) {
    LIVE.set(LIVE.get() - bytes as isize);
}

// SAFETY: every call goes to the system's allocator unchanged
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grow(layout.size());
        // SAFETY: the caller's promise
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        grow(layout.size());
        // SAFETY: the caller's promise
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        shrink(layout.size());
        // SAFETY: the caller's promise
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // a block that grows may move, and then both are alive for a moment
        grow(size);
        shrink(layout.size());
        // SAFETY: the caller's promise
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What `run` gives, and the most bytes that this thread had allocated during it beyond those it had before.
pub fn peak<T>(run: impl FnOnce() -> T) -> (T, usize) {
    let before = LIVE.get();
    PEAK.set(before);
    let made = run();
    (made, usize::try_from(PEAK.get() - before).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::peak;

    #[test]
    fn what_is_freed_counts_at_the_worst_moment_only() {
        let (kept, bytes) = peak(|| {
            drop(Vec::<u8>::with_capacity(1000));
            Vec::<u8>::with_capacity(600)
        });
        assert_eq!((bytes, kept.capacity()), (1000, 600));
    }

    #[test]
    fn a_block_that_grows_counts_twice_for_a_moment() {
        let mut block = Vec::<u8>::with_capacity(1000);
        assert_eq!(peak(|| block.reserve_exact(1500)).1, 1500);
        assert_eq!(peak(|| ()).1, 0);
    }

    #[test]
    fn other_threads_do_not_count() {
        let (_, bytes) = peak(|| {
            let thread = std::thread::spawn(|| Vec::<u8>::with_capacity(1 << 20).capacity());
            thread.join()
        });
        assert!(bytes < 1 << 16, "{bytes}");
    }
}
