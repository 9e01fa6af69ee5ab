//! Edits told in the native dialect's words, by dialects that have others for the same.

use crate::edit::table::{self, Row};
use crate::edit::{Edits, Step};
use crate::op::Operation;

use super::RequestError;

/// What was told so far.
#[derive(Debug, Default)]
pub struct Told {
    pub edits: Edits,
    /// In the order in which they are done.
    operations: Vec<Operation>,
}

impl Told {
    /// One edit by its full name, its value as a query would have it.
    ///
    /// # Errors
    /// The value is none of the edit's.
    pub fn tell(&mut self, name: &'static str, text: &str) -> Result<(), RequestError> {
        let Some(row) = table::row(name) else {
            return Ok(());
        };
        let value = row.kind.parse(text).ok_or_else(|| bad(row, text))?;
        let mut only = Edits::default();
        (row.set)(&mut only, value.clone());
        if only.operations.is_empty() {
            (row.set)(&mut self.edits, value);
        } else {
            self.operations.append(&mut only.operations);
        }
        Ok(())
    }

    /// The same over edits of the native dialect, in its order.
    ///
    /// # Errors
    /// The value is none of the edit's.
    pub fn amend(&mut self, name: &'static str, text: &str) -> Result<(), RequestError> {
        let Some(row) = table::row(name) else {
            return Ok(());
        };
        let value = row.kind.parse(text).ok_or_else(|| bad(row, text))?;
        (row.set)(&mut self.edits, value);
        Ok(())
    }

    /// The edits: native ones where operations are told in the table's order, else steps one after the other.
    pub fn finish(self) -> Edits {
        let Self { mut edits, operations } = self;
        if edits.beyond.padding.is_none() && table::is_in_order(&operations) {
            edits.operations.extend(operations);
        } else {
            edits.beyond.steps.extend(operations.into_iter().map(Step::Do));
        }
        edits
    }
}

#[cold]
fn bad(row: &Row, text: &str) -> RequestError {
    RequestError::parameter(row.name, text, row.expected())
}
