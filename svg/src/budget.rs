//! What drawing may take: bytes at once, and steps in all. Once either is spent, nothing more is drawn.

use std::cell::Cell;

use tiny_skia::Pixmap;

use crate::Error;
use crate::cost::Cost;

/// Steps, of about a nanosecond, that one drawing may take.
pub const MOST_WORK: u64 = 4_000_000_000;

/// Steps that a node takes, whatever it is.
const NODE: u64 = 1_000;

/// Bytes and steps that are left.
pub struct Budget {
    room: u64,
    held: Cell<u64>,
    most: Cell<u64>,
    worked: Cell<u64>,
    /// What would have been needed where there is not enough.
    missing: Cell<Option<Error>>,
}

impl Budget {
    pub fn new(room: u64) -> Self {
        Self { room, held: Cell::new(0), most: Cell::new(0), worked: Cell::new(0), missing: Cell::new(None) }
    }

    /// Bytes that may still be taken.
    pub fn room(&self) -> u64 {
        self.room.saturating_sub(self.held.get())
    }

    /// So many bytes would be needed beside what is held.
    pub fn refuse(&self, bytes: u64) {
        let needed = self.held.get().saturating_add(bytes);
        self.end(Error::Memory { needed, limit: self.room });
    }

    fn end(&self, error: Error) {
        let before = self.missing.take();
        self.missing.set(Some(before.unwrap_or(error)));
    }

    /// Takes bytes until what is answered is dropped.
    pub fn take(&self, bytes: u64) -> Option<Held<'_>> {
        let held = self.held.get().saturating_add(bytes);
        if held > self.room {
            self.refuse(bytes);
            return None;
        }
        self.held.set(held);
        self.most.set(self.most.get().max(held));
        Some(Held { budget: self, bytes })
    }

    /// Counts steps.
    pub fn work(&self, steps: u64) -> Option<()> {
        let worked = self.worked.get().saturating_add(steps);
        self.worked.set(worked);
        if worked > MOST_WORK {
            self.end(Error::Work { needed: worked, limit: MOST_WORK });
            return None;
        }
        Some(())
    }

    /// So many steps for each pixel.
    pub fn pixels(&self, width: u32, height: u32, steps: u64) -> Option<()> {
        self.work(u64::from(width).saturating_mul(height.into()).saturating_mul(steps))
    }

    /// Begins a node: `None` once something is spent.
    pub fn node(&self) -> Option<()> {
        let missing = self.missing.take();
        let is_spent = missing.is_some();
        self.missing.set(missing);
        if is_spent { None } else { self.work(NODE) }
    }

    /// A canvas that is transparent.
    pub fn canvas(&self, width: u32, height: u32) -> Option<(Pixmap, Held<'_>)> {
        self.canvas_of(width, height, 4)
    }

    /// A canvas that becomes a mask, or has one beside it.
    pub fn mask_canvas(&self, width: u32, height: u32) -> Option<(Pixmap, Held<'_>)> {
        self.canvas_of(width, height, 5)
    }

    fn canvas_of(&self, width: u32, height: u32, bytes: u64) -> Option<(Pixmap, Held<'_>)> {
        let held = self.take(u64::from(width).saturating_mul(height.into()).saturating_mul(bytes))?;
        self.pixels(width, height, bytes)?;
        Some((Pixmap::new(width, height)?, held))
    }

    /// A path that is to be drawn.
    pub fn path(&self, cost: Cost) -> Option<Held<'_>> {
        self.work(cost.steps)?;
        self.take(cost.bytes)
    }

    /// The most bytes that were held at once.
    ///
    /// # Errors
    /// What was spent.
    pub fn into_most(self) -> Result<u64, Error> {
        match self.missing.into_inner() {
            Some(error) => Err(error),
            None => Ok(self.most.get()),
        }
    }
}

/// Bytes that are held while it lives.
pub struct Held<'a> {
    budget: &'a Budget,
    bytes: u64,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.budget.held.set(self.budget.held.get().saturating_sub(self.bytes));
    }
}
