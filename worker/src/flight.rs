//! One image for all who ask for it at the same time.
//!
//! The first request makes the image; the others wait for what comes of it. In workerd one request may not settle a promise of
//! another, so they look again every few milliseconds.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use deckle_edge::{Answer, Object, Put};
use js_sys::Uint8Array;
use worker::Delay;

use crate::task;

const POLL: Duration = Duration::from_millis(10);
/// About 30 s, then it is a 503. That covers the default deadlines of one source, with its wait for room; longer ones are not waited out.
const POLLS: u32 = 3_000;
/// So many turns an outcome stays, about 1 s: for those who wait, and for those who looked into the store before the put.
const OUTCOME_TURNS: u64 = 40;
/// And no longer than this, because an isolate with little to do has few turns.
const OUTCOME_MS: f64 = 5_000.0;
/// An image larger than this goes as soon as it has been stored.
const KEPT_BYTES: u32 = 1 << 20;

/// An image that was made and is being stored: a derived object in all but place.
#[derive(Clone)]
pub struct Made {
    pub object: Object,
    /// In JavaScript's memory, shared by all answers and the put.
    pub bytes: Uint8Array,
}

impl Made {
    pub fn new(put: &Put, bytes: Uint8Array) -> Self {
        let object = Object {
            content_type: Some(put.content_type.clone()),
            size: Some(bytes.length().into()),
            cache_control: Some(put.cache_control.clone()),
            metadata: put.metadata.clone(),
            ..Object::default()
        };
        Self { object, bytes }
    }
}

/// What came of a flight.
#[derive(Clone)]
pub enum Outcome {
    Made(Made),
    /// An answer that is not stored and that every other request for the same would get: an error, or what there is of a damaged
    /// source.
    Answered(Rc<Answer>),
}

enum State {
    UnderWay,
    Landed(Outcome, Stay),
}

/// How long an outcome stays: up to a turn, and up to a time.
#[derive(Clone, Copy)]
struct Stay {
    turn: u64,
    time: f64,
}

impl Stay {
    /// Until it was stored.
    const OPEN: Self = Self { turn: u64::MAX, time: f64::INFINITY };

    fn from_now() -> Self {
        Self { turn: task::turn() + OUTCOME_TURNS, time: js_sys::Date::now() + OUTCOME_MS }
    }

    fn is_over(self) -> bool {
        self.turn < task::turn() || self.time < js_sys::Date::now()
    }
}

thread_local! {
    static FLIGHTS: RefCell<BTreeMap<String, State>> = const { RefCell::new(BTreeMap::new()) };
}

/// The place of the one that makes an image. Dropped without an outcome, the next request takes it.
pub struct Lead {
    key: String,
}

impl Lead {
    /// Hands the outcome to those who wait. It stays at least until this is dropped, which is when it has been stored.
    pub fn land(&self, outcome: Outcome) {
        FLIGHTS.with_borrow_mut(|flights| flights.insert(self.key.clone(), State::Landed(outcome, Stay::OPEN)));
    }
}

impl Drop for Lead {
    fn drop(&mut self) {
        FLIGHTS.with_borrow_mut(|flights| match flights.get_mut(&self.key) {
            Some(State::Landed(Outcome::Made(made), _)) if made.bytes.length() > KEPT_BYTES => {
                flights.remove(&self.key);
            }
            Some(State::Landed(_, stay)) => *stay = Stay::from_now(),
            _ => {
                flights.remove(&self.key);
            }
        });
    }
}

/// How a request joins in.
pub enum Joined {
    /// It makes the image.
    Lead(Lead),
    /// Another one did.
    Outcome(Outcome),
    /// Another one does, and takes too long.
    Late,
}

/// What was made of a key and is not stored yet.
pub fn made(key: &str) -> Option<Made> {
    FLIGHTS.with_borrow(|flights| match flights.get(key) {
        Some(State::Landed(Outcome::Made(made), stay)) if !stay.is_over() => Some(made.clone()),
        _ => None,
    })
}

/// Takes the lead for a key, or waits for the request that has it.
pub async fn join(key: &str) -> Joined {
    for _ in 0..POLLS {
        match step(key) {
            Some(joined) => return joined,
            None => Delay::from(POLL).await,
        }
        task::sweep();
    }
    Joined::Late
}

/// `None`: wait.
fn step(key: &str) -> Option<Joined> {
    FLIGHTS.with_borrow_mut(|flights| {
        flights.retain(|_, state| !matches!(state, State::Landed(_, stay) if stay.is_over()));
        match flights.get(key) {
            Some(State::UnderWay) => None,
            Some(State::Landed(outcome, _)) => Some(Joined::Outcome(outcome.clone())),
            None => {
                flights.insert(key.to_owned(), State::UnderWay);
                Some(Joined::Lead(Lead { key: key.to_owned() }))
            }
        }
    })
}
