//! Text made paths in the bundled font: each element `text` is replaced by a group of them before the document becomes a tree.
//!
//! Read are places (`x`, `y`, `dx`, `dy`, the first of each), sizes, spacing, anchors and the usual baselines, with styles as they cascade.
//! Text along a path, of a length that is stated, or from top to bottom is not.

use std::borrow::Cow;
use std::fmt::Write;
use std::str::FromStr;

use roxmltree::{Document, Node};
use svgtypes::{Length, LengthUnit};

use crate::styles::Styles;
use crate::{Error, MOST_BYTES};

/// Characters of all texts together.
const MOST_CHARACTERS: usize = 10_000;

/// The size of letters where none is stated.
const USUAL_SIZE: f32 = 12.0;

/// The document with paths in the places of its texts.
///
/// # Errors
/// [`Error::Limit`] for more text than is drawn.
pub fn lettered<'t>(text: &'t str, document: &Document<'_>, styles: &Styles<'_>) -> Result<Cow<'t, str>, Error> {
    let (mut made, mut at, mut characters) = (String::new(), 0, 0);
    for node in document.descendants().filter(|node| node.is_element() && node.tag_name().name() == "text") {
        let range = node.range();
        // one in another is a part of that
        if range.start < at {
            continue;
        }
        let paths = paths(node, styles, &mut characters)?;
        made.push_str(text.get(at..range.start).unwrap_or_default());
        made.push_str(&paths);
        at = range.end;
        if made.len() > MOST_BYTES {
            return Err(Error::Limit { what: "SVG bytes", needed: made.len() as u64, limit: MOST_BYTES as u64 });
        }
    }
    if at == 0 {
        return Ok(Cow::Borrowed(text));
    }
    made.push_str(text.get(at..).unwrap_or_default());
    Ok(Cow::Owned(made))
}

/// What text has of its element, or of those around it.
#[derive(Clone)]
struct Style {
    size: f32,
    spacing: f32,
    /// The share of the text that lies before its place.
    anchor: f32,
    /// How far the baseline lies below its place, in ems.
    baseline: f32,
    keeps_space: bool,
    is_shown: bool,
    /// Declarations of elements inside of the text.
    declared: String,
}

impl Style {
    fn of(&self, node: Node<'_, '_>, styles: &Styles<'_>) -> Self {
        let mut style = self.clone();
        styles.apply(node, &mut |name, value| style.apply(name, value.trim(), self.size));
        style
    }

    fn apply(&mut self, name: &str, value: &str, around: f32) {
        match name {
            "font-size" => self.size = size(value, around).unwrap_or(self.size),
            "letter-spacing" => self.spacing = length(value, self.size).unwrap_or(0.0),
            "text-anchor" => {
                self.anchor = match value {
                    "middle" => 0.5,
                    "end" => 1.0,
                    "start" => 0.0,
                    _ => self.anchor,
                }
            }
            "dominant-baseline" | "alignment-baseline" => {
                self.baseline = match value {
                    "middle" => 0.264,
                    "central" => 0.352,
                    "hanging" => 0.711,
                    "text-before-edge" | "text-top" => 0.928,
                    "text-after-edge" | "text-bottom" | "ideographic" => -0.244,
                    "auto" | "alphabetic" | "baseline" => 0.0,
                    _ => self.baseline,
                }
            }
            "display" if value == "none" => self.is_shown = false,
            "space" => self.keeps_space = value == "preserve",
            _ => {}
        }
    }
}

/// A size of letters, of those around it.
fn size(value: &str, around: f32) -> Option<f32> {
    let size = match value {
        "xx-small" => 7.2,
        "x-small" => 9.0,
        "small" => 10.0,
        "medium" => 12.0,
        "large" => 14.4,
        "x-large" => 18.0,
        "xx-large" => 24.0,
        "smaller" => around / 1.2,
        "larger" => around * 1.2,
        _ => length(value, around)?,
    };
    (size.is_finite() && (0.0..=1e6).contains(&size)).then_some(size)
}

/// A length in pixels; of a list, the first.
fn length(value: &str, em: f32) -> Option<f32> {
    let first = value.split([' ', ',', '\t', '\n']).find(|part| !part.is_empty())?;
    let length = Length::from_str(first).ok()?;
    let n = length.number as f32;
    let pixels = match length.unit {
        LengthUnit::None | LengthUnit::Px => n,
        LengthUnit::Em => n * em,
        LengthUnit::Ex => n * em / 2.0,
        LengthUnit::Percent => n * em / 100.0,
        LengthUnit::In => n * 96.0,
        LengthUnit::Cm => n * 96.0 / 2.54,
        LengthUnit::Mm => n * 96.0 / 25.4,
        LengthUnit::Pt => n * 96.0 / 72.0,
        LengthUnit::Pc => n * 16.0,
    };
    pixels.is_finite().then_some(pixels)
}

/// Text of one element, from a place on or after what was before.
struct Run {
    style: Style,
    text: String,
    place: (Option<f32>, Option<f32>),
    moved: (f32, f32),
}

/// The group of paths that a text becomes.
fn paths(node: Node<'_, '_>, styles: &Styles<'_>, characters: &mut usize) -> Result<String, Error> {
    let mut style = Style {
        size: USUAL_SIZE,
        spacing: 0.0,
        anchor: 0.0,
        baseline: 0.0,
        keeps_space: false,
        is_shown: true,
        declared: String::new(),
    };
    let around: Vec<_> = node.ancestors().skip(1).filter(Node::is_element).collect();
    for ancestor in around.into_iter().rev() {
        style = style.of(ancestor, styles);
    }
    style.is_shown = true;
    style = style.of(node, styles);
    let mut runs = Vec::new();
    collect(node, &style, styles, &mut runs);
    trim(&mut runs);
    *characters += runs.iter().map(|run| run.text.chars().count()).sum::<usize>();
    if *characters > MOST_CHARACTERS {
        let (needed, limit) = (*characters as u64, MOST_CHARACTERS as u64);
        return Err(Error::Limit { what: "SVG characters of text", needed, limit });
    }
    let mut made = String::from("<g");
    let mut declared = String::new();
    styles.declarations(node, &mut |name, value| {
        let _ = write!(declared, "{name}:{value};");
    });
    for attribute in node.attributes() {
        let is_own = attribute.namespace().is_none();
        let is_place = matches!(attribute.name(), "x" | "y" | "dx" | "dy" | "rotate" | "textLength" | "style");
        if is_own && !is_place {
            attribute_to(&mut made, attribute.name(), attribute.value());
        }
    }
    attribute_to(&mut made, "style", &declared);
    made.push('>');
    if style.is_shown {
        lay(&runs, &mut made);
    }
    made.push_str("</g>");
    Ok(made)
}

fn attribute_to(made: &mut String, name: &str, value: &str) {
    let value = value.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    let _ = write!(made, " {name}=\"{value}\"");
}

/// Gathers the runs of an element.
fn collect(node: Node<'_, '_>, style: &Style, styles: &Styles<'_>, runs: &mut Vec<Run>) {
    let number = |name: &str| node.attribute(name).and_then(|value| length(value, style.size));
    let (mut place, mut moved) =
        ((number("x"), number("y")), (number("dx").unwrap_or(0.0), number("dy").unwrap_or(0.0)));
    for child in node.children() {
        if child.is_text() {
            let text = child.text().unwrap_or_default();
            let space = |c: char| if c.is_whitespace() { ' ' } else { c };
            let text = text.chars().filter(|&c| style.keeps_space || c != '\n').map(space).collect();
            let (place, moved) = (std::mem::take(&mut place), std::mem::take(&mut moved));
            runs.push(Run { style: style.clone(), text, place, moved });
        } else if child.is_element() && matches!(child.tag_name().name(), "tspan" | "a") {
            let mut inner = style.of(child, styles);
            if !inner.is_shown {
                continue;
            }
            // what the child declares counts after what is around it
            for attribute in child.attributes().filter(|attribute| attribute.namespace().is_none()) {
                if !matches!(attribute.name(), "x" | "y" | "dx" | "dy" | "id" | "class" | "style" | "href") {
                    let _ = write!(inner.declared, "{}:{};", attribute.name(), attribute.value());
                }
            }
            styles.declarations(child, &mut |name, value| {
                let _ = write!(inner.declared, "{name}:{value};");
            });
            let first = runs.len();
            collect(child, &inner, styles, runs);
            // what was stated for the first character is the child's if it has that
            if let Some(run) = runs.get_mut(first) {
                run.place = (run.place.0.or(place.0), run.place.1.or(place.1));
                run.moved = (run.moved.0 + moved.0, run.moved.1 + moved.1);
                (place, moved) = <_>::default();
            }
        }
    }
}

/// Leaves one space of several, and none at the ends.
fn trim(runs: &mut [Run]) {
    let mut is_after_space = true;
    for run in runs.iter_mut().filter(|run| !run.style.keeps_space) {
        run.text.retain(|c| {
            let stays = c != ' ' || !is_after_space;
            is_after_space = c == ' ';
            stays
        });
    }
    if let Some(run) = runs.iter_mut().rev().find(|run| !run.text.is_empty())
        && !run.style.keeps_space
        && run.text.ends_with(' ')
    {
        run.text.pop();
    }
}

/// Writes the paths of runs. Those from one place on are anchored together.
fn lay(runs: &[Run], made: &mut String) {
    let (mut x, mut y) = (0.0, 0.0);
    for (i, run) in runs.iter().enumerate() {
        let begins = |run: &Run| run.place.0.is_some() || run.place.1.is_some();
        (x, y) = (run.place.0.unwrap_or(x) + run.moved.0, run.place.1.unwrap_or(y) + run.moved.1);
        if i == 0 || begins(run) {
            let together = runs[i + 1..].iter().take_while(|run| !begins(run));
            let width = |run: &Run| deckle_text::advance(&run.text, run.style.size, run.style.spacing);
            let rest: f32 = together.map(|run| run.moved.0 + width(run)).sum();
            x -= (width(run) + rest) * run.style.anchor;
        }
        let below = y + run.style.baseline * run.style.size;
        let outlines = deckle_text::outlines(&run.text, run.style.size, run.style.spacing, (x, below));
        x += outlines.advance;
        if !outlines.data.is_empty() && x.is_finite() && y.is_finite() {
            made.push_str("<path");
            attribute_to(made, "d", &outlines.data);
            attribute_to(made, "style", &run.style.declared);
            made.push_str("/>");
        }
    }
}
