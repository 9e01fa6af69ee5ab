//! Where in a picture is what people look at, and which part of a given size holds most of it.
//!
//! Both ways to see a picture give each pixel a number; the part that is kept is the one with the greatest sum, where pixels count
//! less towards its edges, so that a subject comes to lie in the middle of it.

/// What makes a pixel count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Salience {
    /// What draws the eye: edges, colours that stand out from those along the borders, saturation, and skin.
    Attention,
    /// What tells most: the rarer its tone and its contrast to its neighbours are in the picture, the more bits a pixel has.
    Entropy,
}

/// How much less a pixel counts at the edge of the part that is kept.
const FALL: f32 = 0.6;

/// Weights of what draws the eye, each from 0 to 1.
const EDGES: f32 = 1.0;
const CONTRAST: f32 = 2.0;
const SATURATION: f32 = 0.5;
const SKIN: f32 = 0.7;

/// The middle of the part of `part` pixels that holds most, in pixels of an image of `size`; channels are 1 to 4, with straight alpha.
#[inline(never)]
pub fn focus(image: &[u8], channels: u8, size: (usize, usize), part: (usize, usize), salience: Salience) -> (f32, f32) {
    let pixels = colours(image, usize::from(channels));
    let scores = match salience {
        Salience::Attention => attention(&pixels, size),
        Salience::Entropy => information(&pixels, size),
    };
    best(&scores, size, part)
}

/// Red, green and blue on mid-grey, as they are seen.
fn colours(image: &[u8], channels: usize) -> Vec<[f32; 3]> {
    let pixel = |pixel: &[u8]| {
        let [r, g, b] = if channels < 3 { [pixel[0]; 3] } else { [pixel[0], pixel[1], pixel[2]] };
        let alpha = if channels.is_multiple_of(2) { f32::from(pixel[channels - 1]) / 255.0 } else { 1.0 };
        [r, g, b].map(|v| f32::from(v) * alpha + 128.0 * (1.0 - alpha))
    };
    image.chunks_exact(channels).map(pixel).collect()
}

fn luma([r, g, b]: [f32; 3]) -> f32 {
    0.299 * r + 0.587 * g + 0.114 * b
}

/// How luma changes from a pixel to its neighbours, 0 to 255.
fn gradients(pixels: &[[f32; 3]], (width, height): (usize, usize)) -> Vec<f32> {
    let at = |x: usize, y: usize| luma(pixels[y.min(height - 1) * width + x.min(width - 1)]);
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let gradient = |(x, y): (usize, usize)| {
        let across = at(x + 1, y) - at(x.saturating_sub(1), y);
        let down = at(x, y + 1) - at(x, y.saturating_sub(1));
        (across.abs() + down.abs()) / 2.0
    };
    places.map(gradient).collect()
}

fn saturation(colour: [f32; 3]) -> f32 {
    let most = colour[0].max(colour[1]).max(colour[2]);
    (most - colour[0].min(colour[1]).min(colour[2])) / 255.0
}

/// Nearness to the colours of skin, by chroma (ITU-R BT.601): a box in which all of them lie, weaker towards its sides.
fn skin(colour: [f32; 3]) -> f32 {
    let (y, [r, _, b]) = (luma(colour), colour);
    let (cb, cr) = (0.564 * (b - y), 0.713 * (r - y));
    let inside = |v: f32, middle: f32, half: f32| (1.0 - ((v - middle) / half).abs()).max(0.0);
    let is_lit = if (40.0..=245.0).contains(&y) { 1.0 } else { 0.0 };
    (2.0 * inside(cb, -24.0, 26.0).min(inside(cr, 24.0, 20.0))).min(1.0) * is_lit
}

/// What the borders look like: colours of eight pieces of a frame around the picture, and their mean saturation.
fn borders(pixels: &[[f32; 3]], (width, height): (usize, usize)) -> ([[f32; 3]; 8], f32) {
    let frame = (width.min(height) / 12).max(1);
    let (mut sums, mut counts, mut saturated) = ([[0.0f32; 3]; 8], [0.0f32; 8], 0.0f32);
    for (i, colour) in pixels.iter().enumerate() {
        let (x, y) = (i % width, i / width);
        if (frame..width.saturating_sub(frame)).contains(&x) && (frame..height.saturating_sub(frame)).contains(&y) {
            continue;
        }
        // halves of the top, bottom, left and right
        let piece = match (y < frame, y + frame >= height, x < frame) {
            (true, ..) => usize::from(2 * x >= width),
            (_, true, _) => 2 + usize::from(2 * x >= width),
            (_, _, true) => 4 + usize::from(2 * y >= height),
            _ => 6 + usize::from(2 * y >= height),
        };
        (0..3).for_each(|c| sums[piece][c] += colour[c]);
        counts[piece] += 1.0;
        saturated += saturation(*colour);
    }
    let count = counts.iter().sum::<f32>().max(1.0);
    // a piece without pixels is far from every colour
    let mean = |(sum, count): ([f32; 3], f32)| if count > 0.0 { sum.map(|v| v / count) } else { [1e4; 3] };
    let pairs: [([f32; 3], f32); 8] = core::array::from_fn(|i| (sums[i], counts[i]));
    (pairs.map(mean), saturated / count)
}

/// The mean colour around each pixel, in a square of about half of the shorter side.
fn surroundings(pixels: &[[f32; 3]], (width, height): (usize, usize)) -> Vec<[f32; 3]> {
    let reach = (width.min(height) / 4).max(1);
    // sums of all pixels above and to the left
    let mut sums = vec![[0.0f32; 3]; (width + 1) * (height + 1)];
    for (y, row) in pixels.chunks_exact(width).enumerate() {
        let mut line = [0.0f32; 3];
        for (x, colour) in row.iter().enumerate() {
            (0..3).for_each(|c| line[c] += colour[c]);
            let above = sums[y * (width + 1) + x + 1];
            sums[(y + 1) * (width + 1) + x + 1] = core::array::from_fn(|c| above[c] + line[c]);
        }
    }
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let mean = |(x, y): (usize, usize)| {
        let (left, right) = (x.saturating_sub(reach), (x + reach + 1).min(width));
        let (top, bottom) = (y.saturating_sub(reach), (y + reach + 1).min(height));
        let at = |x: usize, y: usize| sums[y * (width + 1) + x];
        let [a, b, c, d] = [at(right, bottom), at(left, bottom), at(right, top), at(left, top)];
        let count = ((right - left) * (bottom - top)) as f32;
        core::array::from_fn(|i| (a[i] - b[i] - c[i] + d[i]) / count)
    };
    places.map(mean).collect()
}

fn attention(pixels: &[[f32; 3]], size: (usize, usize)) -> Vec<f32> {
    let gradients = gradients(pixels, size);
    let around = surroundings(pixels, size);
    let (frame, frame_saturation) = borders(pixels, size);
    let distance = |a: [f32; 3], b: [f32; 3]| (0..3).map(|c| (a[c] - b[c]) * (a[c] - b[c])).sum::<f32>().sqrt() / 442.0;
    let score = |((colour, around), gradient): ((&[f32; 3], &[f32; 3]), &f32)| {
        // what stands out does so from what is around it, and is not what the borders are made of
        let contrast = frame.iter().map(|one| distance(*one, *colour)).fold(1.0, f32::min);
        let contrast = contrast.min(1.5 * distance(*around, *colour));
        let edges = (gradient / 64.0).min(1.0);
        let saturation = (saturation(*colour) - frame_saturation).max(0.0);
        // skin counts where it is not the colour of what is around
        let skin = skin(*colour) * (4.0 * contrast).min(1.0);
        EDGES * edges + CONTRAST * contrast + SATURATION * saturation + SKIN * skin
    };
    pixels.iter().zip(&around).zip(&gradients).map(score).collect()
}

/// Tones and contrasts that are told apart.
const TONES: usize = 16;
const CONTRASTS: usize = 8;
/// What the bits of a tone count beside those of a contrast: light that falls off has many tones and tells little.
const TONE: f32 = 0.25;

fn information(pixels: &[[f32; 3]], size: (usize, usize)) -> Vec<f32> {
    let tones = bits::<TONES>(pixels.iter().map(|colour| luma(*colour) / 256.0));
    // finer where contrasts are small
    let contrasts = bits::<CONTRASTS>(gradients(pixels, size).into_iter().map(|gradient| (gradient / 256.0).sqrt()));
    tones.into_iter().zip(contrasts).map(|(tone, contrast)| TONE * tone + contrast).collect()
}

/// How many bits it takes to tell each value, from 0 to 1 in `N` steps, by how many there are of it.
fn bits<const N: usize>(values: impl Iterator<Item = f32>) -> Vec<f32> {
    let steps: Vec<usize> = values.map(|value| ((value * N as f32) as usize).min(N - 1)).collect();
    let mut counts = [0u32; N];
    steps.iter().for_each(|&step| counts[step] += 1);
    let bits = counts.map(|count| if count > 0 { (steps.len() as f32 / count as f32).log2() } else { 0.0 });
    steps.into_iter().map(|step| bits[step]).collect()
}

/// The middle of the part whose weighted sum is greatest; of several, that of the one nearest to the middle of the picture.
fn best(scores: &[f32], (width, height): (usize, usize), part: (usize, usize)) -> (f32, f32) {
    let (part_width, part_height) = (part.0.clamp(1, width), part.1.clamp(1, height));
    let (across, down) = (weights(part_width), weights(part_height));
    let columns = width - part_width + 1;
    // sums along rows first, for every place of the part
    let mut sums = vec![0.0f32; columns * height];
    for (row, sums) in scores.chunks_exact(width).zip(sums.chunks_exact_mut(columns)) {
        for (x, sum) in sums.iter_mut().enumerate() {
            *sum = row[x..].iter().zip(&across).map(|(score, weight)| score * weight).sum();
        }
    }
    let (middle_x, middle_y) = ((width - part_width) as f32 / 2.0, (height - part_height) as f32 / 2.0);
    let mut found = (f32::MIN, middle_x, middle_y);
    for (y, x) in (0..=height - part_height).flat_map(|y| (0..columns).map(move |x| (y, x))) {
        let sum: f32 = down.iter().enumerate().map(|(dy, weight)| sums[(y + dy) * columns + x] * weight).sum();
        let (x, y) = (x as f32, y as f32);
        let far = |(_, x, y): (f32, f32, f32)| (x - middle_x).abs() + (y - middle_y).abs();
        // sums that are equal but for rounding are equal
        let is_better = sum > found.0 * 1.000_1 || sum >= found.0 * 0.999_9 && far((sum, x, y)) < far(found);
        if found.0 == f32::MIN || is_better {
            found = (sum, x, y);
        }
    }
    (found.1 + part_width as f32 / 2.0, found.2 + part_height as f32 / 2.0)
}

/// What pixels along one side of a part count.
fn weights(length: usize) -> Vec<f32> {
    let weight = |i: usize| {
        let t = (2.0 * i as f32 + 1.0) / length as f32 - 1.0;
        1.0 - FALL * t * t
    };
    (0..length).map(weight).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A square of another colour on a plain ground.
    fn scene((width, height): (usize, usize), (left, top): (usize, usize), side: usize) -> Vec<u8> {
        let inside = |x: usize, y: usize| (left..left + side).contains(&x) && (top..top + side).contains(&y);
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        places.flat_map(|(x, y)| if inside(x, y) { [200, 60, 40] } else { [90, 110, 120] }).collect()
    }

    #[test]
    fn a_plain_subject_comes_to_lie_in_the_middle() {
        let size = (90, 40);
        for left in [0, 10, 33, 60, 78] {
            for salience in [Salience::Attention, Salience::Entropy] {
                let (x, _) = focus(&scene(size, (left, 14), 12), 3, size, (40, 40), salience);
                let expected = (left as f32 + 6.0).clamp(20.0, 70.0);
                assert!((x - expected).abs() <= 3.0, "{left}: {x}, not {expected}");
            }
        }
    }

    #[test]
    fn both_axes_are_free_where_the_part_is_smaller_on_both() {
        let size = (80, 60);
        let (x, y) = focus(&scene(size, (60, 8), 10), 3, size, (30, 24), Salience::Attention);
        assert!((x - 65.0).abs() <= 3.0 && (y - 13.0).abs() <= 3.0, "{x},{y}");
    }

    #[test]
    fn a_picture_of_one_colour_is_cut_in_the_middle() {
        for channels in 1..=4 {
            let data = [7, 200, 90, 255][..channels].repeat(50 * 20);
            for salience in [Salience::Attention, Salience::Entropy] {
                assert_eq!(focus(&data, channels as u8, (50, 20), (20, 20), salience), (25.0, 10.0));
            }
        }
    }

    #[test]
    fn the_smallest_pictures_and_parts_are_handled() {
        assert_eq!(focus(&[1, 2, 3], 3, (1, 1), (5, 5), Salience::Attention), (0.5, 0.5));
        assert_eq!(focus(&[1, 0], 2, (1, 1), (0, 0), Salience::Entropy), (0.5, 0.5));
    }

    #[test]
    fn skin_is_told_from_other_colours() {
        for colour in [[224.0, 172.0, 140.0], [141.0, 85.0, 60.0], [255.0, 205.0, 175.0]] {
            assert!(skin(colour) > 0.3, "{colour:?}: {}", skin(colour));
        }
        for colour in [[128.0; 3], [40.0, 90.0, 200.0], [40.0, 160.0, 60.0], [220.0, 20.0, 20.0]] {
            assert!(skin(colour) < 0.1, "{colour:?}: {}", skin(colour));
        }
    }
}
