//! Source bytes held at once.
//!
//! An isolate has 128 MB for all its requests. One request may hold `limits.memoryBytes` (80 MiB) while its image is made, its
//! source included; images are made one at a time. What other requests have read and wait with is bounded here, so that all
//! of it stays under 96 MiB.

use std::cell::Cell;
use std::time::Duration;

use worker::Delay;

use crate::body::Deadline;
use crate::task;

const BYTES: u64 = 16 << 20;
const POLL: Duration = Duration::from_millis(10);

thread_local! {
    static HELD: Cell<u64> = const { Cell::new(0) };
    /// Of that, what requests hold that wait for more.
    static WAITING: Cell<u64> = const { Cell::new(0) };
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
    take(bytes, 0)
}

/// A share, if there is room or no more is held than what is `stuck`.
fn take(bytes: u64, stuck: u64) -> Option<Share> {
    let held = HELD.get();
    if held > stuck && held + bytes > BYTES {
        return None;
    }
    HELD.set(held + bytes);
    Some(Share(bytes))
}

/// What a request holds while it waits for more, counted until dropped.
struct Waiting(u64);

impl Waiting {
    fn with(own: &[Share]) -> Self {
        let bytes = own.iter().map(|share| share.0).sum();
        WAITING.set(WAITING.get() + bytes);
        Self(bytes)
    }

    /// What will not be given back before somebody gets more. A request that holds nothing need not be the one.
    fn stuck(&self) -> u64 {
        if self.0 > 0 { WAITING.get() } else { 0 }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        WAITING.set(WAITING.get().saturating_sub(self.0));
    }
}

/// Waits until there is room, or until all that is held is held by requests that wait for more; `None` when that is not in time.
///
/// Waiting polls: in workerd, one request may not wake another.
pub async fn share(own: &[Share], bytes: u64, timeout_ms: u32) -> Option<Share> {
    let waiting = Waiting::with(own);
    let granted = async {
        loop {
            if let Some(share) = take(bytes, waiting.stuck()) {
                return share;
            }
            task::sweep();
            Delay::from(POLL).await;
        }
    };
    Deadline::after_ms(timeout_ms).within(granted).await.ok()
}
