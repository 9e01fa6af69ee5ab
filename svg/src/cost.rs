//! What a path takes to be drawn, from above.

use tiny_skia::{Path, PathSegment, Point, Transform};
use usvg::{Paint, Stroke};

/// Bytes that are held while a path is drawn, and steps of about a nanosecond.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    pub bytes: u64,
    pub steps: u64,
}

/// Bytes that a segment takes: a copy of the path, and its edges.
const FILLED: u64 = 400;
/// The same of one that is stroked: both sides, joins and caps.
const STROKED: u64 = 2_400;
/// Bytes that a path takes however short.
const PATH: u64 = 8 << 10;
/// Rows of samples in a row of pixels.
const SAMPLES: f64 = 4.0;

/// How far from a canvas a path may reach, in pixels: beyond it a number does not tell one pixel from the next.
const FARTHEST: f32 = 16_777_216.0;

/// Of a path that is filled; `None` for one that cannot be drawn.
pub fn filling(path: &Path, paint: &Paint, ts: Transform, canvas: (u32, u32)) -> Option<Cost> {
    let shape = Shape::of(path, ts, canvas, 0.0)?;
    Some(Cost { bytes: PATH + shape.segments.saturating_mul(FILLED), steps: shape.steps(paint, 100) })
}

/// Of a path whose line is drawn; `None` for one that cannot be drawn.
pub fn stroking(path: &Path, stroke: &Stroke, ts: Transform, canvas: (u32, u32)) -> Option<Cost> {
    let half = stroke.width().get() / 2.0 * stroke.miterlimit().get().max(2.0);
    let mut shape = Shape::of(path, ts, canvas, half)?;
    // both sides of the line, and what joins them
    let reach = (f64::from(half) * 2.0 * scale(ts)).min(f64::from(canvas.1));
    shape.down = shape.down * 2.0 + shape.segments as f64 * 2.0 * reach;
    if let Some(pattern) = stroke.dasharray() {
        let period: f32 = pattern.iter().sum();
        let dashes = f64::from(shape.length / period.max(f32::MIN_POSITIVE)) * pattern.len() as f64;
        shape.segments = shape.segments.saturating_add(dashes.min(1e12) as u64);
        shape.down += dashes * reach.max(1.0) * 4.0;
    }
    Some(Cost { bytes: PATH + shape.segments.saturating_mul(STROKED), steps: shape.steps(stroke.paint(), 2_000) })
}

/// How much longer a line gets, at most.
fn scale(ts: Transform) -> f64 {
    let (across, down) = (f64::from(ts.sx).hypot(ts.ky.into()), f64::from(ts.kx).hypot(ts.sy.into()));
    across.max(down)
}

/// A path as it lies on a canvas.
struct Shape {
    segments: u64,
    /// In its own units.
    length: f32,
    /// Rows that its edges cross, together, and that it covers.
    down: f64,
    rows: f64,
    /// Pixels that it covers, at most.
    area: f64,
}

impl Shape {
    /// `wider` is how much it is wider than its points, in its own units.
    fn of(path: &Path, ts: Transform, (width, height): (u32, u32), wider: f32) -> Option<Self> {
        let row = |point: Point| -> f64 {
            let y = f64::from(point.x) * f64::from(ts.ky) + f64::from(point.y) * f64::from(ts.sy) + f64::from(ts.ty);
            y.clamp(0.0, height.into())
        };
        let (mut segments, mut length, mut down) = (0_u64, 0.0_f32, 0.0);
        let (mut first, mut last) = (Point::zero(), Point::zero());
        let mut to = |from: &mut Point, point: Point| {
            length += from.distance(point);
            down += (row(*from) - row(point)).abs();
            *from = point;
        };
        for segment in path.segments() {
            match segment {
                PathSegment::MoveTo(point) => (first, last) = (point, point),
                PathSegment::LineTo(point) => to(&mut last, point),
                PathSegment::QuadTo(one, point) => [one, point].into_iter().for_each(|point| to(&mut last, point)),
                PathSegment::CubicTo(one, two, point) => {
                    [one, two, point].into_iter().for_each(|point| to(&mut last, point));
                }
                PathSegment::Close => to(&mut last, first),
            }
            segments += 1;
        }
        let bounds = path.bounds().outset(wider, wider)?.transform(ts)?;
        let edges = [bounds.left(), bounds.top(), bounds.right(), bounds.bottom()];
        if !edges.iter().all(|edge| edge.abs() <= FARTHEST) {
            return None;
        }
        let span = |from: f32, to: f32, side: u32| f64::from(to.min(side as f32) - from.max(0.0)).max(0.0) + 2.0;
        let across = span(bounds.left(), bounds.right(), width);
        let rows = span(bounds.top(), bounds.bottom(), height);
        Some(Self { segments, length, down, rows, area: across * rows })
    }

    fn steps(&self, paint: &Paint, segment: u64) -> u64 {
        let pixel = match paint {
            Paint::Color(_) => 3.0,
            Paint::LinearGradient(gradient) => 20.0 + gradient.stops().len() as f64,
            Paint::RadialGradient(gradient) => 30.0 + gradient.stops().len() as f64,
            Paint::Pattern(_) => 80.0,
        };
        let segments = self.segments as f64;
        // edges of a row of samples, which are kept in their order
        let edges = self.down / self.rows.max(1.0) + 2.0;
        let sorted = (segments * segments).min(self.rows * SAMPLES * edges * edges);
        let steps = self.area * pixel + self.down * SAMPLES * 10.0 + sorted * 3.0;
        (steps.min(1e18) as u64).saturating_add(self.segments.saturating_mul(segment))
    }
}
