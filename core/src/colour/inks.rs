//! Inks to sRGB: by a profile, with perceptual intent and black-point compensation; without one, as a coated press prints them.
//!
//! Source: ISO 18619 (black-point compensation). A profile's black is what Little CMS 2.17 to 2.19 take for it, which sharp uses: the
//! perceptual black of ICC.1:2022, annex D, for version 4, and for version 2 the colour of all inks in full, with its tint. ISO 18619 takes
//! the tint out, so that in profiles whose black has much of it, dark colours keep it.

use deckle_pixels::{FULL, InkTable};

use super::device_table::{D50, DeviceTable};
use super::icc::Icc;
use super::srgb::FROM_XYZ;

/// The perceptual black of version 4, as a part of white.
const PERCEPTUAL_BLACK: f32 = 0.003_473_1;

/// Luminance of L* = 50: no black is lighter.
const LIGHTEST_BLACK: f32 = 0.184_186_5;

/// Luminance of L* = 95: inks that are lighter together are those of a negative.
const NEGATIVE: f32 = 0.876_183_5;

/// Nodes along an ink below which a profile's cells are divided: between nodes colours are interpolated in sRGB, where profiles do so in Lab.
const FEW_NODES: usize = 9;

/// The same for profiles that do so in XYZ, from which sRGB differs more.
const FEW_XYZ_NODES: usize = 17;

/// The most nodes: a table of more, which would take seconds to convert, is read at places between its nodes, [`MANY_NODES`] along an ink.
const MOST_NODES: usize = 1 << 17;

const MANY_NODES: usize = 17;

/// The table of a CMYK profile. `None` if the profile is of another kind or cannot be read.
#[inline(never)]
pub fn by_profile(icc: &[u8]) -> Option<InkTable> {
    let icc = Icc(icc);
    if icc.bytes(16)? != *b"CMYK" {
        return None;
    }
    let table = DeviceTable::parse(icc)?;
    let [version] = icc.bytes::<1>(8)?;
    let black = if version >= 4 { [PERCEPTUAL_BLACK; 3] } else { darkest(&table) };
    let grid = nodes_along(table.grid(), if table.is_xyz() { FEW_XYZ_NODES } else { FEW_NODES });
    let count = grid.iter().product();
    let mut nodes = Vec::new();
    nodes.try_reserve_exact(count).ok()?;
    let along = |node: usize, ink: usize| node as f32 / (grid[ink].max(2) - 1) as f32;
    for node in 0..count {
        let y = node / grid[3];
        let m = y / grid[2];
        let places = [along(m / grid[1], 0), along(m % grid[1], 1), along(y % grid[2], 2), along(node % grid[3], 3)];
        nodes.push(srgb(table.xyz(places), black));
    }
    InkTable::new(grid, nodes, |ink, value| table.place(ink, f32::from(value) / 255.0))
}

/// The colour of all inks in full, as parts of white.
fn darkest(table: &DeviceTable<'_>) -> [f32; 3] {
    let xyz = table.xyz([0, 1, 2, 3].map(|ink| table.place(ink, 1.0)));
    if xyz[1] > NEGATIVE {
        return [0.0; 3];
    }
    let mut parts = xyz;
    for (part, white) in parts.iter_mut().zip(D50) {
        *part = (*part / white).clamp(0.0, LIGHTEST_BLACK);
    }
    parts
}

/// A profile's grid with its cells divided until it has enough nodes along each ink, as far as [`MOST_NODES`] allows.
fn nodes_along(grid: [usize; 4], enough: usize) -> [usize; 4] {
    let finer = |enough: usize| {
        grid.map(|sides| match sides {
            0 | 1 => sides,
            _ => (sides - 1) * (enough - 1).div_ceil(sides - 1) + 1,
        })
    };
    let fits = |grid: &[usize; 4]| grid.iter().product::<usize>() <= MOST_NODES;
    (3..=enough).rev().map(finer).find(fits).unwrap_or(grid.map(|sides| sides.min(MANY_NODES)))
}

/// XYZ relative to D50 as a node of the table, with `black`, which is in parts of white, made black: beyond sRGB's range where the colour is.
fn srgb(xyz: [f32; 3], black: [f32; 3]) -> [i16; 3] {
    let mut compensated = D50;
    for ((v, xyz), black) in compensated.iter_mut().zip(xyz).zip(black) {
        *v = (xyz - black * *v) / (1.0 - black);
    }
    let [x, y, z] = compensated.map(f64::from);
    FROM_XYZ.map(|row| {
        let linear = (row[0] * x + row[1] * y + row[2] * z) as f32;
        let v = linear.abs();
        let encoded = if v <= 0.003_130_8 { v * 12.92 } else { 1.055 * v.powf(1.0 / 2.4) - 0.055 };
        (encoded.copysign(linear) * f32::from(FULL)).round() as i16
    })
}

/// Nodes along each ink in `press.bin`, which `scripts/press-table.mjs` makes.
const PRESS_NODES: usize = 7;

/// The table for inks without a profile: coated paper, a perceptual rendering.
#[inline(never)]
pub fn press() -> Option<InkTable> {
    let (colours, _) = include_bytes!("press.bin").as_chunks::<3>();
    let nodes = colours.iter().map(|colour| colour.map(|v| i16::from(v) * (FULL / 255))).collect();
    InkTable::new([PRESS_NODES; 4], nodes, |_, value| f32::from(value) / 255.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grids_are_divided_where_they_are_coarse_and_thinned_where_they_are_too_fine() {
        for (grid, enough, expected) in [
            ([9; 4], FEW_NODES, [9; 4]),
            ([5; 4], FEW_NODES, [9; 4]),
            ([5; 4], FEW_XYZ_NODES, [17; 4]),
            ([6; 4], FEW_XYZ_NODES, [16; 4]),
            ([19; 4], FEW_NODES, [19; 4]),
            ([27; 4], FEW_NODES, [17; 4]),
            ([6, 5, 4, 1], FEW_NODES, [11, 9, 10, 1]),
            ([2, 2, 2, 255], FEW_NODES, [8, 8, 8, 255]),
        ] {
            let along = nodes_along(grid, enough);
            assert_eq!(along, expected, "{grid:?}");
            assert!(along.iter().product::<usize>() <= MOST_NODES);
        }
    }
}
