//! The order of work in an isolate's one thread: looking something up comes before making something, and between two images
//! the event loop gets to run.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::Duration;

use worker::Delay;

use crate::task;

const PAUSE: Duration = Duration::from_millis(4);
/// So many pauses an image waits for lookups to end; hits that never stop coming must not keep it for ever.
const PAUSES: u32 = 25;
/// An answer that was found needs so long to leave, in milliseconds.
const LEAVING_MS: f64 = 12.0;
/// A lookup that takes more turns than this waits for a slow store, and nothing is gained by waiting for it.
const LOOKUP_TURNS: u64 = 8;

thread_local! {
    static LOOKUPS: RefCell<BTreeMap<u64, u64>> = const { RefCell::new(BTreeMap::new()) };
    static NEXT: Cell<u64> = const { Cell::new(0) };
    static LOOKED: Cell<f64> = const { Cell::new(0.0) };
    static MADE: Cell<u64> = const { Cell::new(0) };
}

/// A request that looks for its answer in the cache and the derived store.
pub struct Lookup(u64);

impl Lookup {
    pub fn begin() -> Self {
        let id = NEXT.get();
        NEXT.set(id + 1);
        LOOKUPS.with_borrow_mut(|lookups| lookups.insert(id, task::turn()));
        Self(id)
    }
}

impl Drop for Lookup {
    fn drop(&mut self) {
        LOOKUPS.with_borrow_mut(|lookups| lookups.remove(&self.0));
        LOOKED.set(js_sys::Date::now());
    }
}

fn is_looking() -> bool {
    let now = task::turn();
    js_sys::Date::now() - LOOKED.get() < LEAVING_MS
        || LOOKUPS.with_borrow(|lookups| lookups.values().any(|since| now - since <= LOOKUP_TURNS))
}

/// Waits until it is this request's turn to make an image, which it then does without another `await`.
///
/// All timers that are due fire in one turn of the event loop, without a look at the network in between. A request goes on
/// only when nobody made an image since its own timer was set, so each turn makes one.
pub async fn wait_for_turn() {
    if task::count() == 1 {
        return;
    }
    for pauses in 1.. {
        let made = MADE.get();
        Delay::from(PAUSE).await;
        if MADE.get() == made && (pauses > PAUSES || !is_looking()) {
            return;
        }
        task::sweep();
    }
}

/// How many images this instance made or tried to make.
pub fn count() -> u64 {
    MADE.get()
}

/// An image was made.
pub fn made() {
    MADE.set(MADE.get() + 1);
}
