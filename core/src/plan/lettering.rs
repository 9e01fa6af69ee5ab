//! Text, resolved for a picture of a size.

use deckle_text::{Align, Block};

use crate::edit::{Distance, Extent, Lettering};
use crate::image::Size;
use crate::op::Text;

/// The least pixels of an em.
const LEAST: u32 = 4;
/// And the most.
const MOST: u32 = 1_000;

pub fn resolve(asked: &Lettering, below: Size) -> Text {
    let em = asked.size.resolve(below.height).clamp(LEAST, MOST);
    let most = asked.width.map_or(below.width, |width: Extent| width.resolve(below.width)).clamp(1, below.width.max(1));
    let align = match asked.x {
        None => Align::Centre,
        Some(Distance::Far) => Align::Right,
        Some(Distance::Pixels(n) | Distance::Percent(n)) if n < 0 => Align::Right,
        Some(_) => Align::Left,
    };
    let block = Block::new(&asked.text, em as f32, most as f32, align);
    let size = Size { width: block.width, height: block.height };
    let place = |asked: Option<Distance>, whole: u32, length: u32| {
        let middle = (i64::from(whole) - i64::from(length)) / 2;
        let at = asked.map_or(middle, |distance| distance.resolve(whole, length));
        at.clamp(i64::from(i32::MIN / 2), i64::from(i32::MAX / 2)) as i32
    };
    Text {
        text: asked.text.clone(),
        em,
        most,
        align,
        size,
        x: place(asked.x, below.width, size.width),
        y: place(asked.y, below.height, size.height),
        colour: asked.colour,
        opacity: asked.opacity,
        outline: asked.outline,
        outline_colour: asked.outline_colour,
    }
}
