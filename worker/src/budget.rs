//! Source bytes held at once.
//!
//! An isolate has 128 MB for all its requests. One request may hold `limits.memoryBytes` (80 MiB) while its image is made, its
//! source included; images are made one at a time. What other requests have read and wait with is bounded here, so that all
//! of it stays under 96 MiB.

use std::cell::Cell;
use std::time::Duration;

use worker::Delay;

use crate::task;

const BYTES: u64 = 16 << 20;
const POLL_MS: u32 = 10;

thread_local! {
    static HELD: Cell<u64> = const { Cell::new(0) };
}

/// A share of the budget, given back when dropped.
pub struct Share(u64);

impl Drop for Share {
    fn drop(&mut self) {
        HELD.set(HELD.get().saturating_sub(self.0));
    }
}

impl Share {
    /// Gives back what a body of unknown length did not take.
    pub fn shrink(&mut self, bytes: u64) {
        let rest = self.0.saturating_sub(bytes);
        self.0 -= rest;
        HELD.set(HELD.get().saturating_sub(rest));
    }
}

/// How much is held.
pub fn held() -> u64 {
    HELD.get()
}

/// A share, if there is room now. A single body over the budget is let in alone.
pub fn try_share(bytes: u64) -> Option<Share> {
    try_beside(&[], bytes)
}

/// The same for a request that holds shares: it does not wait for itself.
fn try_beside(own: &[Share], bytes: u64) -> Option<Share> {
    let held = HELD.get();
    let others = held.saturating_sub(own.iter().map(|share| share.0).sum());
    if others > 0 && held + bytes > BYTES {
        return None;
    }
    HELD.set(held + bytes);
    Some(Share(bytes))
}

/// Waits until there is room beside what the request itself holds; `None` when there is none in time.
///
/// Waiting polls: in workerd, one request may not wake another.
pub async fn share(own: &[Share], bytes: u64, timeout_ms: u32) -> Option<Share> {
    for _ in 0..=timeout_ms / POLL_MS {
        if let Some(share) = try_beside(own, bytes) {
            return Some(share);
        }
        task::sweep();
        Delay::from(Duration::from_millis(POLL_MS.into())).await;
    }
    None
}
