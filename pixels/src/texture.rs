//! How hard a picture is to write with loss: what of it shows the marks of a coder, found in one pass over its rows.

/// Side of a block, in pixels.
const BLOCK: usize = 8;

/// Mean differences of neighbours in a block, in 56 of them: above the first and up to the second it has a soft texture.
const SOFT: core::ops::RangeInclusive<u32> = 57..=336;

/// A difference of neighbours above this is a sharp edge.
const SHARP: u8 = 64;

/// Below this luma is dark.
const DARK: u8 = 40;

/// A step of colour inside of a pair of pixels above this is lost where chroma has half the width.
const COLOURED: u32 = 24;

/// What a picture consists of; each is a share, 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Texture {
    /// Blocks without any difference across.
    pub plain: f32,
    /// Blocks with a soft texture.
    pub soft: f32,
    /// Neighbours with a sharp edge between them.
    pub sharp: f32,
    /// Dark pixels.
    pub dark: f32,
    /// Pairs of pixels that differ in colour.
    pub coloured: f32,
}

/// Counts while rows come.
#[derive(Debug)]
pub struct Textures {
    channels: usize,
    /// A row of luma, and sums of differences in each block of the rows since the last that were whole.
    luma: Vec<u8>,
    sums: Vec<u32>,
    rows: usize,
    counts: Counts,
}

#[derive(Debug, Default)]
struct Counts {
    blocks: u64,
    plain: u64,
    soft: u64,
    neighbours: u64,
    sharp: u64,
    pixels: u64,
    dark: u64,
    pairs: u64,
    coloured: u64,
}

impl Textures {
    /// For rows of `width` pixels of 1 to 4 channels; two and four have alpha, which counts for nothing.
    pub fn new(width: usize, channels: u8) -> Self {
        let channels = usize::from(channels);
        Self {
            channels,
            luma: vec![0; if channels == 1 { 0 } else { width }],
            sums: vec![0; width / BLOCK],
            rows: 0,
            counts: Counts::default(),
        }
    }

    /// Bytes that it takes for rows of such a width.
    pub fn memory(width: u64) -> u64 {
        width + width / BLOCK as u64 * 4 + 64
    }

    /// Counts a row.
    #[inline(never)]
    pub fn push(&mut self, row: &[u8]) {
        let Self { channels, luma, counts, .. } = self;
        match *channels {
            1 => return self.luma_row(row),
            2 => luma.iter_mut().zip(row.as_chunks::<2>().0).for_each(|(y, pixel)| *y = pixel[0]),
            3 => colours(row.as_chunks::<3>().0, luma, counts),
            _ => colours(row.as_chunks::<4>().0, luma, counts),
        }
        let luma = core::mem::take(&mut self.luma);
        self.luma_row(&luma);
        self.luma = luma;
    }

    /// Counts steps of chroma lines of half the width: one of two lies inside of a pair of pixels.
    pub fn push_chroma(&mut self, cb: &[u8], cr: &[u8]) {
        let steps = cb.windows(2).zip(cr.windows(2));
        let coloured = steps.filter(|(cb, cr)| {
            // as differences of blue and red from luma are
            let step = |pair: &[u8]| u32::from(pair[0].abs_diff(pair[1]));
            step(cb) * 227 / 256 + step(cr) * 359 / 256 > COLOURED
        });
        self.counts.coloured += coloured.count() as u64;
        self.counts.pairs += 2 * cb.len() as u64;
    }

    fn luma_row(&mut self, row: &[u8]) {
        let Self { sums, counts, .. } = self;
        counts.pixels += row.len() as u64;
        counts.dark += row.iter().map(|y| u32::from(*y < DARK)).sum::<u32>() as u64;
        let mut sharp = 0;
        for (sum, block) in sums.iter_mut().zip(row.as_chunks::<BLOCK>().0) {
            let (mut differences, mut edges) = (0, 0);
            for i in 1..BLOCK {
                let difference = block[i].abs_diff(block[i - 1]);
                differences += u32::from(difference);
                edges += u32::from(difference > SHARP);
            }
            *sum += differences;
            sharp += edges;
        }
        counts.sharp += u64::from(sharp);
        counts.neighbours += (sums.len() * (BLOCK - 1)) as u64;
        self.rows += 1;
        if self.rows == BLOCK {
            self.rows = 0;
            for sum in sums.iter_mut() {
                counts.plain += u64::from(*sum == 0);
                counts.soft += u64::from(SOFT.contains(sum));
                *sum = 0;
            }
            counts.blocks += sums.len() as u64;
        }
    }

    /// The shares. A picture smaller than a block has none.
    pub fn finish(&self) -> Texture {
        let share = |count: u64, of: u64| count as f32 / of.max(1) as f32;
        let c = &self.counts;
        Texture {
            plain: share(c.plain, c.blocks),
            soft: share(c.soft, c.blocks),
            sharp: share(c.sharp, c.neighbours),
            dark: share(c.dark, c.pixels),
            coloured: share(c.coloured, c.pairs),
        }
    }
}

/// Luma, near enough, and steps of colour inside of pairs.
#[inline(always)]
fn colours<const N: usize>(row: &[[u8; N]], luma: &mut [u8], counts: &mut Counts) {
    for (y, pixel) in luma.iter_mut().zip(row) {
        *y = ((77 * u32::from(pixel[0]) + 150 * u32::from(pixel[1]) + 29 * u32::from(pixel[2])) >> 8) as u8;
    }
    let pairs = row.as_chunks::<2>().0.iter().zip(luma.as_chunks::<2>().0);
    let coloured = pairs.map(|([left, right], y)| {
        let step = |i: usize| {
            let of = |pixel: &[u8; N], y: u8| i32::from(pixel[i]) - i32::from(y);
            of(right, y[1]).abs_diff(of(left, y[0]))
        };
        u32::from(step(2) / 2 + step(0) > COLOURED)
    });
    counts.coloured += u64::from(coloured.sum::<u32>());
    counts.pairs += (row.len() / 2) as u64;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(width: usize, height: usize, pixel: impl Fn(usize, usize) -> [u8; 3]) -> Texture {
        let mut textures = Textures::new(width, 3);
        for y in 0..height {
            textures.push(&(0..width).flat_map(|x| pixel(x, y)).collect::<Vec<_>>());
        }
        textures.finish()
    }

    #[test]
    fn plain_pictures_are_plain_and_stripes_are_sharp() {
        let plain = of(64, 32, |_, _| [200, 10, 90]);
        assert_eq!(plain, Texture { plain: 1.0, ..Texture::default() });
        let stripes = of(64, 32, |x, _| [if x % 2 == 0 { 0 } else { 255 }; 3]);
        assert_eq!((stripes.sharp, stripes.plain, stripes.dark, stripes.coloured), (1.0, 0.0, 0.5, 0.0));
    }

    #[test]
    fn soft_texture_and_steps_of_colour_are_told_apart() {
        let soft = of(64, 64, |x, y| [100 + (x * 5 + y * 3) as u8 % 7; 3]);
        assert!(soft.soft > 0.9 && soft.sharp == 0.0, "{soft:?}");
        let red = of(64, 64, |x, _| if x % 2 == 0 { [255, 0, 0] } else { [0, 130, 0] });
        assert_eq!(red.coloured, 1.0);
    }

    #[test]
    fn grey_counts_as_colour_without_any_and_alpha_not_at_all() {
        let row: Vec<u8> = (0..80).map(|x: u8| x.wrapping_mul(37)).collect();
        let [mut grey, mut rgba] = [Textures::new(80, 1), Textures::new(80, 4)];
        for _ in 0..8 {
            grey.push(&row);
            rgba.push(&row.iter().flat_map(|y| [*y, *y, *y, y.wrapping_mul(7)]).collect::<Vec<_>>());
        }
        assert_eq!(grey.finish(), rgba.finish());
        assert_eq!(Textures::new(3, 3).finish(), Texture::default());
    }
}
