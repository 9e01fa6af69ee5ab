//! Points of colour cut into boxes, each of which becomes a colour.

use super::nearest::Palette;
use super::point::Point;

/// Rounds of moving colours to the middle of what is nearest to them.
const ROUNDS: usize = 2;

/// Points that lie together, and how far they are from their mean.
struct Part {
    start: usize,
    end: usize,
    mean: [f32; 4],
    /// Sums of squares by axis.
    errors: [f32; 4],
}

impl Part {
    fn new(points: &[Point], start: usize, end: usize) -> Self {
        let (mut sums, mut weight) = ([0.0; 4], 0.0);
        for point in &points[start..end] {
            (0..4).for_each(|c| sums[c] += point.at[c] * point.weight);
            weight += point.weight;
        }
        let mean = sums.map(|sum: f32| if weight > 0.0 { sum / weight } else { 0.0 });
        let mut errors = [0.0; 4];
        for point in &points[start..end] {
            (0..4).for_each(|c| errors[c] += (point.at[c] - mean[c]).powi(2) * point.weight);
        }
        Self { start, end, mean, errors }
    }

    fn error(&self) -> f32 {
        if self.end - self.start < 2 { 0.0 } else { self.errors.iter().sum() }
    }
}

/// Puts those first for which it is so, and answers how many they are.
fn partition(points: &mut [Point], is_first: impl Fn(&Point) -> bool) -> usize {
    let mut first = 0;
    for i in 0..points.len() {
        if is_first(&points[i]) {
            points.swap(i, first);
            first += 1;
        }
    }
    first
}

/// At most so many colours for these points, premultiplied; opaque ones for what is opaque.
#[inline(never)]
pub(super) fn cut(points: &mut [Point], most: usize) -> Vec<[u8; 4]> {
    if points.is_empty() {
        return vec![[0, 0, 0, 255]];
    }
    let opaque = partition(points, |point| point.at[3] >= 255.0);
    let mut parts: Vec<Part> = [(0, opaque), (opaque, points.len())]
        .into_iter()
        .filter(|(start, end)| start < end)
        .map(|(start, end)| Part::new(points, start, end))
        .collect();
    while parts.len() < most {
        let worst = (0..parts.len()).max_by(|&a, &b| parts[a].error().total_cmp(&parts[b].error())).unwrap_or(0);
        let Part { start, end, mean, errors } = parts[worst];
        if parts[worst].error() <= 0.0 {
            break;
        }
        let axis = (0..4).max_by(|&a, &b| errors[a].total_cmp(&errors[b])).unwrap_or(0);
        let middle = start + partition(&mut points[start..end], |point| point.at[axis] < mean[axis]);
        if middle == start || middle == end {
            // rounding errors
            parts[worst].errors = [0.0; 4];
            continue;
        }
        parts[worst] = Part::new(points, start, middle);
        parts.push(Part::new(points, middle, end));
    }
    let mut colours: Vec<[u8; 4]> = parts.iter().map(|part| rounded(part.mean)).collect();
    drop(parts);
    if colours.len() == most {
        for _ in 0..ROUNDS {
            colours = settled(points, colours);
        }
    }
    colours
}

fn rounded(mean: [f32; 4]) -> [u8; 4] {
    mean.map(|v| (v + 0.5) as u8)
}

/// Each colour in the middle of the points that it is nearest to.
fn settled(points: &[Point], colours: Vec<[u8; 4]>) -> Vec<[u8; 4]> {
    let palette = Palette::premultiplied(&colours);
    let mut sums = vec![([0.0_f32; 4], 0.0_f32); colours.len()];
    for point in points {
        let index = palette.nearest(point.at.map(|v| (v + 0.5) as i32));
        let (sum, weight) = &mut sums[usize::from(index)];
        (0..4).for_each(|c| sum[c] += point.at[c] * point.weight);
        *weight += point.weight;
    }
    let moved = palette.premultiplied_colours().iter().zip(sums);
    moved.map(|(old, (sum, weight))| if weight > 0.0 { rounded(sum.map(|v| v / weight)) } else { *old }).collect()
}
