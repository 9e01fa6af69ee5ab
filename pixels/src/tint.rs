//! The colours of a tint: greys as they are in lightness, with the chroma of one colour.
//!
//! Source: sharp's `tint`. The weight of chroma is 1 − 4 (L − ½)², L from 0 to 1: all of it in the middle, none at the ends.

use crate::lab::{FROM_XYZ, TO_XYZ, Weights, times};
use crate::srgb;

/// What each grey becomes, for each colour.
#[inline(never)]
pub fn tinted(colour: [u8; 3]) -> [[u8; 256]; 3] {
    let (light, samples) = (srgb::to_light(), srgb::to_samples());
    let weights = Weights::new();
    let [x, y, z] = TO_XYZ.map(|row| weights.root(times(row, colour.map(|v| light[usize::from(v)]))));
    let (a, b) = (x - y, y - z);
    let mut out = [[0; 256]; 3];
    for grey in 0..256 {
        let y = weights.root(light[grey]);
        let lightness = 1.16 * y - 0.16;
        let weight = 1.0 - 4.0 * (lightness - 0.5) * (lightness - 0.5);
        let xyz = [y + a * weight, y, y - b * weight].map(|t| weights.cube(t));
        for (table, row) in out.iter_mut().zip(FROM_XYZ) {
            table[grey] = samples[srgb::index(times(row, xyz))];
        }
    }
    out
}
