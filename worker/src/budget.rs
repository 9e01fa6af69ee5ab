//! Source bytes held at once. Isolates have 128 MB for all their requests; transforming is synchronous and so one at a time
//! by nature, but bodies being read for later would pile up.

use std::cell::Cell;
use std::time::Duration;

use worker::{Delay, Error, Result};

const BYTES: u64 = 32 << 20;
const POLL: Duration = Duration::from_millis(5);
const POLLS: u32 = 4_000;

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

/// Waits until there is room, at most 20 s. A single body over the budget is let in alone.
///
/// Waiting polls: one request may not wake another in workerd.
pub async fn share(bytes: u64) -> Result<Share> {
    for _ in 0..POLLS {
        let held = HELD.get();
        if held == 0 || held + bytes <= BYTES {
            HELD.set(held + bytes);
            return Ok(Share(bytes));
        }
        Delay::from(POLL).await;
    }
    Err(Error::RustError("too many transformations are waiting".into()))
}
