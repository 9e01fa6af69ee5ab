//! The functions of a C library that libwebp calls, for wasm32, which has none: memory from Rust's allocator, and sorting.
//!
//! An allocation that fails, or that would exceed the limit, is a null pointer, and libwebp then ends with an error.

use std::alloc::{Layout, alloc, alloc_zeroed, dealloc};
use std::ffi::{c_int, c_void};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Bytes before each block that hold its size. Keeps the alignment that C guarantees for libwebp's types.
const HEADER: usize = 8;

// not re-entrant: wasm32 has one thread, and libwebp never calls back into an encode
static LIVE: AtomicUsize = AtomicUsize::new(0);
static LIMIT: AtomicUsize = AtomicUsize::new(usize::MAX);

/// Runs `work` while libwebp may hold at most `limit` bytes at a time.
pub fn with_limit<T>(limit: usize, work: impl FnOnce() -> T) -> T {
    /// Removes the limit, also when `work` unwinds.
    struct Restore;
    impl Drop for Restore {
        fn drop(&mut self) {
            LIMIT.store(usize::MAX, Relaxed);
        }
    }
    LIMIT.store(LIVE.load(Relaxed).saturating_add(limit), Relaxed);
    let _restore = Restore;
    work()
}

/// Bytes that libwebp holds now.
pub fn live() -> usize {
    LIVE.load(Relaxed)
}

fn take(size: usize, from: unsafe fn(Layout) -> *mut u8) -> *mut c_void {
    let Some(layout) = size.checked_add(HEADER).and_then(|size| Layout::from_size_align(size, HEADER).ok()) else {
        return std::ptr::null_mut();
    };
    if LIVE.load(Relaxed).saturating_add(layout.size()) > LIMIT.load(Relaxed) {
        return std::ptr::null_mut();
    }
    // SAFETY: the layout is not empty
    let start = unsafe { from(layout) };
    if start.is_null() {
        return std::ptr::null_mut();
    }
    LIVE.fetch_add(layout.size(), Relaxed);
    // SAFETY: the block is at least HEADER long and aligned to it, which is enough for a size
    unsafe {
        start.cast::<usize>().write(layout.size());
        start.add(HEADER).cast()
    }
}

#[unsafe(no_mangle)]
extern "C" fn deckle_webp_malloc(size: usize) -> *mut c_void {
    take(size, alloc)
}

#[unsafe(no_mangle)]
extern "C" fn deckle_webp_calloc(count: usize, size: usize) -> *mut c_void {
    count.checked_mul(size).map_or(std::ptr::null_mut(), |size| take(size, alloc_zeroed))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn deckle_webp_free(block: *mut c_void) {
    if block.is_null() {
        return;
    }
    // SAFETY: C frees once what `take` returned; its size is stored before it, and the layout was valid then
    unsafe {
        let start = block.cast::<u8>().sub(HEADER);
        let size = start.cast::<usize>().read();
        LIVE.fetch_sub(size, Relaxed);
        dealloc(start, Layout::from_size_align_unchecked(size, HEADER));
    }
}

type Compare = unsafe extern "C" fn(*const c_void, *const c_void) -> c_int;

/// Heapsort: in place, and never slower than n · log n.
#[unsafe(no_mangle)]
unsafe extern "C" fn deckle_webp_qsort(base: *mut c_void, count: usize, size: usize, compare: Compare) {
    let item = |i: usize| {
        // SAFETY: C says that `count` items of `size` bytes lie at `base`, and every `i` below is less than `count`
        unsafe { base.cast::<u8>().add(i * size) }
    };
    // SAFETY: both are items
    let less = |i: usize, j: usize| unsafe { compare(item(i).cast(), item(j).cast()) } < 0;
    // SAFETY: they are items, and not the same one
    let swap = |i: usize, j: usize| unsafe { std::ptr::swap_nonoverlapping(item(i), item(j), size) };
    let sift = |mut parent: usize, end: usize| {
        loop {
            let mut child = 2 * parent + 1;
            if child >= end {
                break;
            }
            if child + 1 < end && less(child, child + 1) {
                child += 1;
            }
            if !less(parent, child) {
                break;
            }
            swap(parent, child);
            parent = child;
        }
    };
    for start in (0..count / 2).rev() {
        sift(start, count);
    }
    for end in (1..count).rev() {
        swap(0, end);
        sift(0, end);
    }
}
