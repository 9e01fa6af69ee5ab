//! The order of work in an isolate's one thread: looking something up comes before making something, and between two images
//! the event loop gets to run.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use worker::Delay;

use crate::task;

const PAUSE: Duration = Duration::from_millis(4);
/// An image waits for lookups to end as long as the one before it took to make, within these bounds: hits that never stop coming
/// get half of the time, and not all of it.
const SHORTEST_WAIT_MS: f64 = 8.0;
const LONGEST_WAIT_MS: f64 = 100.0;
/// An answer that was found needs so long to leave, in milliseconds.
const LEAVING_MS: f64 = 12.0;
/// A lookup that takes more turns than this waits for a slow store, and nothing is gained by waiting for it.
const LOOKUP_TURNS: u64 = 8;

thread_local! {
    static LOOKUPS: RefCell<BTreeMap<u64, u64>> = const { RefCell::new(BTreeMap::new()) };
    static NEXT: Cell<u64> = const { Cell::new(0) };
    static LOOKED: Cell<f64> = const { Cell::new(0.0) };
    static QUEUE: RefCell<BTreeSet<u64>> = const { RefCell::new(BTreeSet::new()) };
    static MADE: Cell<u64> = const { Cell::new(0) };
    /// When the last image was begun, until somebody looks at the clock after it. In production the clock stands still meanwhile.
    static BEGUN: Cell<Option<f64>> = const { Cell::new(None) };
    /// How long the last image took, and when it was found to be made.
    static LAST: Cell<(f64, f64)> = const { Cell::new((0.0, 0.0)) };
}

/// A request that looks for its answer in the cache and the derived store.
pub struct Lookup(u64);

fn next_id() -> u64 {
    let id = NEXT.get();
    NEXT.set(id + 1);
    id
}

impl Lookup {
    pub fn begin() -> Self {
        let id = next_id();
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

/// A place in the queue of those whose source is there. It is given up when dropped, as it is with its task.
struct Place(u64);

impl Place {
    fn take() -> Self {
        let id = next_id();
        QUEUE.with_borrow_mut(|queue| queue.insert(id));
        Self(id)
    }

    fn is_first(&self) -> bool {
        QUEUE.with_borrow(|queue| queue.first() == Some(&self.0))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        QUEUE.with_borrow_mut(|queue| queue.remove(&self.0));
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
/// only when nobody made an image since its own timer was set, so each turn makes one, and in the order in which their sources came.
pub async fn wait_for_turn() {
    if task::count() == 1 {
        return;
    }
    let place = Place::take();
    let since = js_sys::Date::now();
    loop {
        let made = MADE.get();
        Delay::from(PAUSE).await;
        let now = js_sys::Date::now();
        if let Some(begun) = BEGUN.take() {
            LAST.set((now - begun, now));
        }
        let (took, ended) = LAST.get();
        let has_waited = now - since.max(ended) > took.clamp(SHORTEST_WAIT_MS, LONGEST_WAIT_MS);
        if MADE.get() == made && place.is_first() && (has_waited || !is_looking()) {
            return;
        }
        task::sweep();
    }
}

/// How many images this instance made or tried to make.
pub fn count() -> u64 {
    MADE.get()
}

/// An image is about to be made.
pub fn begin() {
    MADE.set(MADE.get() + 1);
    BEGUN.set(Some(js_sys::Date::now()));
}
