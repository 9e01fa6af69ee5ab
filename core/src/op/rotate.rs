//! A turn by any angle. What the image leaves free is filled with a colour.
//!
//! Sizes and places are libvips' as sharp uses it: the box around the turned image, its edges rounded, and bilinear values between pixels.
//! Where the turned image is scaled, it is turned at about twice the size that is wanted, row by row, and each row goes into the
//! resampler: what is as large as the box is never whole.

use deckle_pixels::{Affine, Ground, Space, join, split};
use deckle_resample::{Filter, Resampler, Span};

use super::{ground, needed, widen, widened};
use crate::image::{Colour, Pixels, Size};

/// Ten-thousandths of a degree of a whole turn.
pub const WHOLE_TURN: u32 = 3_600_000;

/// A turn clockwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rotation {
    /// In ten-thousandths of a degree.
    pub angle: u32,
    /// Colour around the turned image.
    pub background: Colour,
    /// What becomes of the turned image; `None` for it as it is.
    pub view: Option<View>,
}

/// What is seen of a turned image once it is scaled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct View {
    /// Of the image that is to be turned; what enters is that, scaled.
    pub of: Size,
    /// What the box around it is scaled to.
    pub scaled: Size,
    /// From the left edge of that.
    pub x: u32,
    /// From the top edge of that.
    pub y: u32,
    /// What is seen of it.
    pub size: Size,
}

/// The box around a turned image.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Bounds {
    left: f64,
    top: f64,
    size: Size,
}

/// Sine and cosine of an angle, exact for quarter turns.
fn sin_cos(angle: u32) -> (f64, f64) {
    match angle % WHOLE_TURN {
        0 => (0.0, 1.0),
        900_000 => (1.0, 0.0),
        1_800_000 => (0.0, -1.0),
        2_700_000 => (-1.0, 0.0),
        angle => (f64::from(angle) / 10_000.0).to_radians().sin_cos(),
    }
}

fn bounds(size: Size, angle: u32) -> Bounds {
    let (sin, cos) = sin_cos(angle);
    let (width, height) = (f64::from(size.width), f64::from(size.height));
    let range = |a: f64, b: f64| (a.min(0.0) + b.min(0.0), a.max(0.0) + b.max(0.0));
    let (left, right) = range(width * cos, -height * sin);
    let (top, bottom) = range(width * sin, height * cos);
    let side = |side: f64| side.round().max(1.0) as u32;
    Bounds {
        left: left.round(),
        top: top.round(),
        size: Size { width: side(right - left), height: side(bottom - top) },
    }
}

/// The size of the box around an image turned by an angle.
pub(crate) fn turned_size(size: Size, angle: u32) -> Size {
    bounds(size, angle).size
}

impl Rotation {
    pub(super) fn channels(&self, entering: u8) -> u8 {
        let (colour, alpha) = needed(self.background);
        widened(entering, colour, alpha)
    }

    pub(super) fn size(&self, entering: Size) -> Size {
        self.view.map_or_else(|| turned_size(entering, self.angle), |view| view.size)
    }

    /// Bytes beside the image and the result, at most.
    pub(super) fn aside(&self, entering: Size, channels: u8) -> u64 {
        let turn = Turn::new(self, entering);
        if !turn.is_scaled() {
            return 0;
        }
        let (Turn { whole, view, .. }, (columns, lines)) = (turn, turn.spans());
        let one = Resampler::memory(pair(whole), (columns, lines), pair(view.size), Filter::Lanczos3, 0) as u64;
        // a row of the box and one of the result, joined and in planes
        let rows = 2 * u64::from(whole.width) + u64::from(view.size.width);
        u64::from(channels) * (one + rows)
    }

    #[inline(never)]
    pub(super) fn apply(&self, image: Pixels) -> Pixels {
        let turn = Turn::new(self, image.size);
        let size = turn.view.size;
        let (colour, alpha) = needed(self.background);
        let image = widen(image, colour, alpha);
        let background = ground(self.background, image.channels);
        let ground =
            Ground { image: &image.data, size: pair(image.size), channels: image.channels, background: &background };
        let row = size.width as usize * usize::from(image.channels);
        let mut data = vec![0; row * size.height as usize];
        if turn.is_scaled() {
            scaled(&ground, &turn, &mut data);
        } else {
            data.chunks_exact_mut(row).enumerate().for_each(|(y, out)| ground.row(&turn.map, y, out));
        }
        Pixels { size, channels: image.channels, data }
    }
}

/// A rotation of an image of a known size.
#[derive(Clone, Copy, Debug)]
struct Turn {
    /// The box around it as large as it is turned.
    whole: Size,
    view: View,
    /// Where pixels lie in the image: those of the whole box where it is scaled, else those that are seen.
    map: Affine,
}

impl Turn {
    fn new(rotation: &Rotation, entering: Size) -> Self {
        let angle = rotation.angle;
        let as_it_is = turned_size(entering, angle);
        let view = rotation.view.unwrap_or(View { of: entering, scaled: as_it_is, x: 0, y: 0, size: as_it_is });
        let Bounds { left, top, size: outer } = bounds(view.of, angle);
        let ratio = |a: u32, b: u32| f64::from(a) / f64::from(b);
        let (columns, rows) = (ratio(entering.width, view.of.width), ratio(entering.height, view.of.height));
        let side = |side: u32, scale: f64| (f64::from(side) * scale).round().max(1.0) as u32;
        let scale = columns.max(rows);
        let whole = Size { width: side(outer.width, scale), height: side(outer.height, scale) };
        let (x, y) = if view.scaled == whole { (view.x, view.y) } else { (0, 0) };
        let (sin, cos) = sin_cos(angle);
        // libvips turns the points that pixels are numbered by, not their middles; a quarter turn has to be exact
        let middle = if angle.is_multiple_of(WHOLE_TURN / 4) { 0.5 } else { 0.0 };
        let (across, down) = (ratio(outer.width, whole.width), ratio(outer.height, whole.height));
        let (x, y) = (f64::from(x), f64::from(y));
        let (x, y) = ((x + 0.5) * across - 0.5 + left + middle, (y + 0.5) * down - 0.5 + top + middle);
        let place = |v: f64, scale: f64| (v - middle + 0.5) * scale - 0.5;
        let map = Affine {
            origin: [place(cos * x + sin * y, columns), place(cos * y - sin * x, rows)],
            across: [cos * across * columns, -sin * across * rows],
            down: [sin * down * columns, cos * down * rows],
        };
        Self { whole, view, map }
    }

    fn is_scaled(&self) -> bool {
        self.view.scaled != self.whole
    }

    /// What is seen of the box.
    fn spans(&self) -> (Span, Span) {
        let Self { whole, view, .. } = self;
        let span = |start: u32, seen: u32, scaled: u32, whole: u32| {
            let ratio = f64::from(whole) / f64::from(scaled);
            Span { start: f64::from(start) * ratio, length: f64::from(seen) * ratio }
        };
        (
            span(view.x, view.size.width, view.scaled.width, whole.width),
            span(view.y, view.size.height, view.scaled.height, whole.height),
        )
    }
}

fn pair(size: Size) -> (usize, usize) {
    (size.width as usize, size.height as usize)
}

/// Rows of the box around a turned image, on their way through the resampler.
#[inline(never)]
fn scaled(ground: &Ground<'_>, turn: &Turn, out: &mut [u8]) {
    let Turn { whole, view, map } = turn;
    let space = Space::of(ground.channels, true);
    let planes = space.planes();
    let resampler = Resampler::new(pair(*whole), turn.spans(), pair(view.size), Filter::Lanczos3);
    let mut resamplers = vec![resampler; planes];
    let mut row = vec![0; whole.width as usize * planes];
    let mut lines = vec![vec![0; whole.width as usize]; planes];
    let mut scaled = vec![vec![0; view.size.width as usize]; planes];
    let mut rows = out.chunks_exact_mut(view.size.width as usize * planes);
    for y in 0..whole.height as usize {
        ground.row(map, y, &mut row);
        split(&row, space, &mut lines);
        resamplers.iter_mut().zip(&lines).for_each(|(resampler, line)| resampler.push(line));
        while resamplers.iter_mut().zip(&mut scaled).fold(true, |all, (r, line)| r.pull(line) && all) {
            let Some(out) = rows.next() else { return };
            join(space, &scaled, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rotation(degrees: u32, background: Colour) -> Rotation {
        Rotation { angle: degrees * 10_000, background, view: None }
    }

    fn grey(width: u32, height: u32) -> Pixels {
        let data = (0..width * height).map(|i| (i * 37 % 251) as u8).collect();
        Pixels { size: Size { width, height }, channels: 1, data }
    }

    #[test]
    fn quarter_turns_are_exact() {
        let image = grey(3, 2);
        let turned = |degrees| rotation(degrees, Colour::WHITE).apply(image.clone());
        let order = |order: [usize; 6]| order.map(|i| image.data[i]).to_vec();
        assert_eq!((turned(0).data, turned(180).data), (order([0, 1, 2, 3, 4, 5]), order([5, 4, 3, 2, 1, 0])));
        assert_eq!((turned(90).size, turned(90).data), (Size { width: 2, height: 3 }, order([3, 0, 4, 1, 5, 2])));
        assert_eq!(turned(270).data, order([2, 5, 1, 4, 0, 3]));
    }

    #[test]
    fn the_box_around_a_turned_image_is_that_of_libvips() {
        let sizes = [(10, 40, 29), (30, 44, 38), (45, 42, 42), (100, 29, 40), (200, 43, 34), (300, 38, 44)];
        for (degrees, width, height) in sizes {
            let size = turned_size(Size { width: 37, height: 23 }, degrees * 10_000);
            assert_eq!((size.width, size.height), (width, height), "{degrees}");
        }
    }

    #[test]
    fn a_constant_image_stays_constant_inside_and_has_the_background_outside() {
        let image = Pixels { size: Size { width: 20, height: 20 }, channels: 3, data: vec![90; 1200] };
        let out = rotation(45, Colour { r: 1, g: 2, b: 3, a: 255 }).apply(image);
        assert_eq!((out.size, out.channels), (Size { width: 28, height: 28 }, 3));
        assert_eq!((&out.data[..3], &out.data[(14 * 28 + 14) * 3..][..3]), (&[1, 2, 3][..], &[90; 3][..]));
    }

    #[test]
    fn a_part_of_the_turned_image_is_that_part() {
        let image = grey(40, 30);
        let all = rotation(30, Colour::WHITE).apply(image.clone());
        let view = View {
            of: Size { width: 40, height: 30 },
            scaled: all.size,
            x: 5,
            y: 7,
            size: Size { width: 11, height: 9 },
        };
        let part = Rotation { view: Some(view), ..rotation(30, Colour::WHITE) }.apply(image);
        for (y, row) in part.data.chunks(11).enumerate() {
            assert_eq!(row, &all.data[(y + 7) * all.size.width as usize + 5..][..11]);
        }
    }

    #[test]
    fn a_constant_image_on_its_own_colour_stays_constant_when_scaled() {
        for data in [[7u8].as_slice(), &[7, 99], &[7, 8, 9], &[7, 8, 9, 200]] {
            let image =
                Pixels { size: Size { width: 40, height: 30 }, channels: data.len() as u8, data: data.repeat(1200) };
            let [r, g, b] = if data.len() < 3 { [7; 3] } else { [7, 8, 9] };
            let a = if data.len() % 2 == 0 { data[data.len() - 1] } else { 255 };
            let scaled = Size { width: 21, height: 18 };
            let view = View { of: image.size, scaled, x: 2, y: 3, size: Size { width: 15, height: 9 } };
            let rotation = Rotation { view: Some(view), ..rotation(30, Colour { r, g, b, a }) };
            let out = rotation.apply(image);
            assert_eq!(out.size, view.size);
            let near = |pixel: &[u8]| pixel.iter().zip(data).all(|(a, b)| a.abs_diff(*b) <= 1);
            assert!(out.data.chunks(data.len()).all(near), "{:?}", out.data);
        }
    }
}
