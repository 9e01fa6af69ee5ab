//! SVG drawn at the size that is asked: any part of it, to any number of pixels.
//!
//! Text becomes a tree by `usvg`, and pixels by a renderer that is resvg's (`draw/`), in software and in safe Rust. Nothing outside of the
//! file is ever loaded. What the file grows to, what drawing holds and how long it takes is bounded before each is done: an SVG of a few
//! bytes can ask for more than any machine has.
#![forbid(unsafe_code)]

mod budget;
mod cost;
mod document;
mod draw;
mod lettering;
mod pictures;
mod scan;
mod size;
mod styles;
mod survey;
mod tree;

pub use document::is_svg;
pub use pictures::{Picture, Pictures};

use std::fmt;

use tiny_skia::{Pixmap, Transform};

use budget::Budget;
use draw::render::{Context, render_nodes};

/// The longest text that is read, once inflated.
pub const MOST_BYTES: usize = 8 << 20;

/// What is wrong with a drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// It contradicts itself, or is no XML.
    Corrupt(String),
    /// It uses what is not drawn.
    Unsupported(String),
    /// More of something than is read.
    Limit {
        /// Of what.
        what: &'static str,
        /// How much there is.
        needed: u64,
        /// How much may be.
        limit: u64,
    },
    /// Drawing takes more bytes than there is room for.
    Memory {
        /// What it would take.
        needed: u64,
        /// The room.
        limit: u64,
    },
    /// Drawing takes too long.
    Work {
        /// Steps of about a nanosecond.
        needed: u64,
        /// How many may be.
        limit: u64,
    },
}

impl Error {
    fn corrupt(reason: impl Into<String>) -> Self {
        Self::Corrupt(reason.into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Corrupt(reason) => write!(f, "the SVG is damaged: {reason}"),
            Self::Unsupported(what) => write!(f, "{what} in an SVG is not supported"),
            Self::Limit { what, needed, limit } => write!(f, "{what}: {needed} is over the limit of {limit}"),
            Self::Memory { needed, limit } => write!(f, "drawing takes {needed} bytes of {limit}"),
            Self::Work { needed, limit } => write!(f, "drawing takes {needed} steps of {limit}"),
        }
    }
}

impl std::error::Error for Error {}

/// What is known of a drawing before it is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Facts {
    /// Its width in pixels, of 96 to an inch.
    pub width: f32,
    /// Its height.
    pub height: f32,
    /// Bytes that reading it takes, at most: its text and its tree.
    pub memory: u64,
}

/// Reads what a drawing states. Takes no more than [`Facts::memory`], nor than 24 MiB.
///
/// # Errors
/// [`Error::Corrupt`], [`Error::Unsupported`], [`Error::Limit`].
pub fn facts(bytes: &[u8]) -> Result<Facts, Error> {
    tree::facts(bytes)
}

/// A part of a drawing, and the pixels that it becomes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// From the left edge of the drawing, 0 to 1.
    pub x: f64,
    /// From its top.
    pub y: f64,
    /// Its share of the width.
    pub width: f64,
    /// Its share of the height.
    pub height: f64,
    /// Columns and rows.
    pub to: (u32, u32),
}

/// What was drawn.
pub struct Drawn {
    /// Red, green, blue and alpha, straight, rows from the top.
    pub rgba: Vec<u8>,
    /// Bytes that were taken at once beside the picture and [`Facts::memory`].
    pub beyond: u64,
}

/// Draws, with so many bytes beside the picture and [`Facts::memory`].
///
/// # Errors
/// All of [`Error`].
pub fn draw(bytes: &[u8], view: View, room: u64, pictures: &dyn Pictures) -> Result<Drawn, Error> {
    let tree = tree::read(bytes)?;
    let (width, height) = view.to;
    let nothing = || Error::corrupt("it has no pixel");
    let mut canvas = Pixmap::new(width, height).ok_or_else(nothing)?;
    let size = tree.size();
    let across = f64::from(width) / (view.width * f64::from(size.width()));
    let down = f64::from(height) / (view.height * f64::from(size.height()));
    let transform = Transform::from_row(
        across as f32,
        0.0,
        0.0,
        down as f32,
        (-view.x / view.width * f64::from(width)) as f32,
        (-view.y / view.height * f64::from(height)) as f32,
    );
    let budget = Budget::new(room);
    let max_bbox = draw::max_filter_bbox(width, height).ok_or_else(nothing)?;
    let context = Context { max_bbox, budget: &budget, pictures };
    render_nodes(tree.root(), &context, transform, &mut canvas.as_mut());
    drop(tree);
    let beyond = budget.into_most()?;
    Ok(Drawn { rgba: canvas.take_demultiplied(), beyond })
}
