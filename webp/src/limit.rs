//! How much libwebp may hold, and how much it holds.

/// Runs `work` while libwebp may allocate at most `limit` bytes more than it holds.
#[cfg(target_arch = "wasm32")]
pub(crate) fn within<T>(limit: u64, work: impl FnOnce() -> T) -> T {
    crate::libc::with_limit(usize::try_from(limit).unwrap_or(usize::MAX), work)
}

/// Natively libwebp allocates from the C library, without a limit.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn within<T>(_limit: u64, work: impl FnOnce() -> T) -> T {
    work()
}

/// Bytes that libwebp holds, where they are counted.
pub(crate) fn held() -> u64 {
    #[cfg(target_arch = "wasm32")]
    return crate::libc::live() as u64;
    #[cfg(not(target_arch = "wasm32"))]
    0
}
