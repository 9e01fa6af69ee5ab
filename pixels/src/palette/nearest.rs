//! A palette, and which of its colours is nearest to another.

use super::{MOST_COLOURS, premultiplied, straight};

/// Colours that are compared at once.
const LANES: usize = 8;

/// Up to 256 colours, opaque ones first.
pub struct Palette {
    /// As they are shown.
    colours: Vec<[u8; 4]>,
    /// Premultiplied.
    lights: Vec<[u8; 4]>,
    /// The same by channel, filled up with the first.
    lanes: Box<[[i32; MOST_COLOURS]; 4]>,
    /// Those that are opaque.
    opaque: usize,
    /// Whether alpha counts.
    pub(super) has_alpha: bool,
}

impl Palette {
    pub(super) fn new(lights: &[[u8; 4]], has_alpha: bool) -> Self {
        let mut lights = lights.to_vec();
        lights.truncate(MOST_COLOURS);
        if lights.is_empty() {
            lights.push([0, 0, 0, 255]);
        }
        lights.sort_by_key(|light| light[3] != 255);
        let mut lanes = Box::new([[0; MOST_COLOURS]; 4]);
        for (c, lane) in lanes.iter_mut().enumerate() {
            let colours = lights.iter().chain(std::iter::repeat(&lights[0]));
            lane.iter_mut().zip(colours).for_each(|(v, light)| *v = i32::from(light[c]));
        }
        let opaque = lights.iter().filter(|light| light[3] == 255).count();
        Self { colours: lights.iter().map(|&light| straight(light)).collect(), lights, lanes, opaque, has_alpha }
    }

    /// Of premultiplied colours, alpha counting.
    pub(super) fn premultiplied(lights: &[[u8; 4]]) -> Self {
        Self::new(lights, true)
    }

    pub(super) fn premultiplied_colours(&self) -> &[[u8; 4]] {
        &self.lights
    }

    /// Of opaque colours.
    pub fn of_opaque(colours: &[[u8; 4]]) -> Self {
        let lights: Vec<_> = colours.iter().map(|&colour| premultiplied(colour)).collect();
        Self::new(&lights, false)
    }

    /// The colours, straight.
    pub fn colours(&self) -> &[[u8; 4]] {
        &self.colours
    }

    /// The number of the colour that is nearest to a premultiplied one; to one that is opaque, of the opaque ones.
    #[inline(never)]
    pub fn nearest(&self, light: [i32; 4]) -> u8 {
        let count = if light[3] >= 255 && self.opaque > 0 { self.opaque } else { self.lights.len() };
        let mut best = [u32::MAX; LANES];
        let [reds, greens, blues, alphas] = &*self.lanes;
        for at in (0..count.next_multiple_of(LANES)).step_by(LANES) {
            let lane = |lane: &[i32; MOST_COLOURS], v: i32| -> [i32; LANES] {
                std::array::from_fn(|i| {
                    let distance = lane[at + i] - v;
                    distance * distance
                })
            };
            let (r, g, b) = (lane(reds, light[0]), lane(greens, light[1]), lane(blues, light[2]));
            let a = if self.has_alpha { lane(alphas, light[3]) } else { [0; LANES] };
            for i in 0..LANES {
                // the number breaks ties
                let distance = (((r[i] + g[i] + b[i] + a[i]) as u32) << 8) + (at + i) as u32;
                best[i] = best[i].min(distance);
            }
        }
        let least = best.iter().copied().min().unwrap_or(0);
        let found = (least & 255) as u8;
        if usize::from(found) < count { found } else { self.first_of(light, count) }
    }

    /// Where what fills up the last lanes is nearest, which is the first colour, or one that is not opaque.
    #[cold]
    fn first_of(&self, light: [i32; 4], count: usize) -> u8 {
        let distance = |colour: &[u8; 4]| -> i32 { (0..4).map(|c| (i32::from(colour[c]) - light[c]).pow(2)).sum() };
        let found = (0..count).min_by_key(|&i| distance(&self.lights[i]));
        found.unwrap_or(0) as u8
    }
}
