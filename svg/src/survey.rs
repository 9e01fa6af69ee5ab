//! What a document grows to once every element is put where it is referred to: known before any is.
//!
//! An element is drawn once for each that refers to it, and what it refers to itself with it. So a few elements can stand for millions.

use std::collections::HashMap;

use roxmltree::{Document, Node};

use crate::Error;
use crate::styles::Styles;

/// How deep elements may lie, what they refer to put in their places.
const DEEPEST: usize = 160;

/// Bytes that a tree takes for a node and for a byte of its attributes, at most.
const NODE: u64 = 2_000;
const BYTE: u64 = 5;

/// What an element stands for, all that it holds and refers to put in its place.
#[derive(Clone, Copy, Debug, Default)]
pub struct Grown {
    nodes: u64,
    /// Bytes of attributes.
    bytes: u64,
    /// Shapes, each of which is painted by what its group names.
    shapes: u64,
    /// Points of shapes, each of which may have a marker.
    points: u64,
}

impl Grown {
    fn add(&mut self, other: Self, times: u64) {
        let each = |a: u64, b: u64| a.saturating_add(b.saturating_mul(times));
        self.nodes = each(self.nodes, other.nodes);
        self.bytes = each(self.bytes, other.bytes);
        self.shapes = each(self.shapes, other.shapes);
        self.points = each(self.points, other.points);
    }

    /// Bytes that the tree takes.
    pub fn memory(&self) -> u64 {
        self.nodes.saturating_mul(NODE).saturating_add(self.bytes.saturating_mul(BYTE))
    }
}

/// Grows the document.
///
/// # Errors
/// [`Error::Corrupt`] where something refers to itself, [`Error::Limit`] for references that are too deep.
pub fn grown(document: &Document<'_>, styles: &Styles<'_>) -> Result<Grown, Error> {
    let mut names = HashMap::new();
    for node in document.descendants() {
        if let Some(id) = node.attribute("id") {
            names.entry(id).or_insert(node);
        }
    }
    let states = vec![State::New; document.descendants().count()];
    Survey { names, styles, states }.of(document.root_element(), 0)
}

#[derive(Clone, Copy)]
enum State {
    New,
    Begun,
    Done(Grown),
}

/// How often what an attribute refers to is drawn.
#[derive(Clone, Copy, PartialEq)]
enum Times {
    Once,
    EachShape,
    EachPoint,
}

struct Survey<'d, 'i> {
    names: HashMap<&'d str, Node<'d, 'i>>,
    styles: &'d Styles<'d>,
    states: Vec<State>,
}

impl<'d, 'i> Survey<'d, 'i> {
    fn of(&mut self, node: Node<'d, 'i>, depth: usize) -> Result<Grown, Error> {
        let place = node.id().get_usize();
        match self.states[place] {
            State::Done(grown) => return Ok(grown),
            State::Begun => return Err(Error::corrupt("an element refers to itself")),
            State::New => {}
        }
        if depth > DEEPEST {
            return Err(Error::Limit { what: "SVG depth", needed: depth as u64, limit: DEEPEST as u64 });
        }
        self.states[place] = State::Begun;
        let mut grown = own(node);
        for child in node.children().filter(Node::is_element) {
            let child = self.of(child, depth + 1)?;
            grown.add(child, 1);
        }
        let mut references = self.references(node);
        // what is used is painted as well
        references.sort_by_key(|(times, _)| *times != Times::Once);
        for (times, target) in references {
            let target = self.of(target, depth + 1)?;
            match times {
                Times::Once => grown.add(target, 1),
                Times::EachShape => grown.add(Grown { shapes: 0, points: 0, ..target }, grown.shapes.max(1)),
                Times::EachPoint => grown.add(Grown { shapes: 0, points: 0, ..target }, grown.points.max(1)),
            }
        }
        self.states[place] = State::Done(grown);
        Ok(grown)
    }

    /// What an element refers to, by attributes and styles.
    fn references(&self, node: Node<'d, 'i>) -> Vec<(Times, Node<'d, 'i>)> {
        let mut found = Vec::new();
        let name = node.tag_name().name();
        // links to read on, and what moves
        if matches!(name, "a" | "animate" | "animateTransform" | "animateMotion" | "set" | "mpath" | "script" | "style")
        {
            return found;
        }
        self.styles.apply(node, &mut |name, value| {
            if name == "href" {
                found.extend(
                    value.trim().strip_prefix('#').and_then(|id| self.names.get(id)).map(|to| (Times::Once, *to)),
                );
                return;
            }
            for part in value.split("url(").skip(1) {
                let id = part.split(')').next().unwrap_or_default().trim_matches([' ', '"', '\'', '\t', '\n']);
                let Some(target) = id.strip_prefix('#').and_then(|id| self.names.get(id)) else { continue };
                let times = match name {
                    "clip-path" | "mask" | "filter" => Times::Once,
                    name if name.starts_with("marker") => Times::EachPoint,
                    _ => Times::EachShape,
                };
                found.push((times, *target));
            }
        });
        found
    }
}

/// An element alone.
fn own(node: Node<'_, '_>) -> Grown {
    let bytes: usize = node.attributes().map(|attribute| attribute.value().len() + 16).sum();
    let shape = match node.tag_name().name() {
        "path" => node.attribute("d").map(str::len),
        "polyline" | "polygon" => node.attribute("points").map(str::len),
        "rect" | "circle" | "ellipse" | "line" | "image" => Some(8),
        _ => None,
    };
    // a point takes two numbers, of a path sometimes one
    let points = shape.map_or(0, |length| length as u64 / 2 + 8);
    Grown { nodes: 1, bytes: bytes as u64, shapes: u64::from(shape.is_some()), points }
}
