//! Tasks: what the isolate has under way, dropped when its request is gone.
//!
//! When a viewer leaves, workerd stops the request where it waits and drops nothing: whatever the request held in WebAssembly
//! (a source's bytes, a share of a budget, the place of the one that makes an image) would be held for ever. So every request
//! runs as a task that can be dropped from outside. It is dropped at once when the runtime says that the viewer left; for a
//! runtime that does not say so, tasks give signs of life, and others drop a task that has given none for a while.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::time::Duration;

use futures_util::future::{AbortHandle, Either, abortable, select};
use futures_util::pin_mut;
use worker::Delay;

/// How often a task gives a sign of life.
const SIGN: Duration = Duration::from_millis(100);
/// How many turns without a sign make a task dead; about 1.5 s when others are waiting.
const PATIENCE: u64 = 60;
/// A turn is at least this long.
const TURN_MS: f64 = 25.0;

struct Task {
    /// The turn of the last sign of life.
    seen: u64,
    handle: AbortHandle,
}

thread_local! {
    static TASKS: RefCell<BTreeMap<u64, Task>> = const { RefCell::new(BTreeMap::new()) };
    static NEXT: Cell<u64> = const { Cell::new(0) };
    static TURN: Cell<(u64, f64)> = const { Cell::new((0, 0.0)) };
}

/// Counts the turns of the event loop, at most one in 25 ms. A clock would not do: while one image is made, for a second
/// perhaps, no other task can give a sign.
pub fn turn() -> u64 {
    let (turn, since) = TURN.get();
    let now = js_sys::Date::now();
    if now - since < TURN_MS {
        return turn;
    }
    TURN.set((turn + 1, now));
    turn + 1
}

/// How many tasks there are.
pub fn count() -> usize {
    TASKS.with_borrow(BTreeMap::len)
}

/// Drops the tasks that gave no sign of life.
pub fn sweep() {
    let now = turn();
    let dead = TASKS.with_borrow_mut(|tasks| {
        let dead: Vec<u64> = tasks.iter().filter(|(_, task)| now - task.seen > PATIENCE).map(|task| *task.0).collect();
        dead.into_iter().filter_map(|id| tasks.remove(&id)).collect::<Vec<_>>()
    });
    for task in dead {
        task.handle.abort();
    }
}

/// Removes its task from the list.
struct Entry(u64);

impl Drop for Entry {
    fn drop(&mut self) {
        TASKS.with_borrow_mut(|tasks| tasks.remove(&self.0));
    }
}

/// Makes a task of a future, counted from now on. It gives `None` when it was dropped before its end; the handle drops it.
pub fn new<T>(future: impl Future<Output = T>) -> (AbortHandle, impl Future<Output = Option<T>>) {
    let id = NEXT.get();
    NEXT.set(id + 1);
    let (task, handle) = abortable(living(id, future));
    TASKS.with_borrow_mut(|tasks| tasks.insert(id, Task { seen: turn(), handle: handle.clone() }));
    let entry = Entry(id);
    let task = async move {
        let result = task.await.ok();
        drop(entry);
        result
    };
    (handle, task)
}

/// Runs a future and gives signs of life while it waits.
async fn living<T>(id: u64, future: impl Future<Output = T>) -> T {
    pin_mut!(future);
    loop {
        match select(future.as_mut(), Delay::from(SIGN)).await {
            Either::Left((result, _)) => return result,
            Either::Right(_) => {
                let now = turn();
                TASKS.with_borrow_mut(|tasks| {
                    if let Some(task) = tasks.get_mut(&id) {
                        task.seen = now;
                    }
                });
            }
        }
    }
}
