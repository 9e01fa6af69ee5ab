//! A CMYK profile's table from inks to the profile connection space.
//!
//! Source: ICC.1:2022, clauses 6.3.4 (encodings of Lab and XYZ) and 10.10 to 10.12 (`mft2`, `mft1`, `mAB `).

use super::icc::{Curve, Icc, Samples};

/// How Lab or XYZ is encoded in 0 to 1.
#[derive(Clone, Copy)]
enum Encoding {
    Xyz,
    /// Of 8 bits, and of 16 in `mAB `.
    Lab,
    /// Of 16 bits in `mft2`: 0xFF00 is 100.
    OldLab,
}

/// White of the profile connection space.
pub const D50: [f32; 3] = [0.9642, 1.0, 0.8249];

/// The table: a curve for each ink, a grid, and what follows it.
pub struct DeviceTable<'a> {
    inks: [Curve<'a>; 4],
    grid: [usize; 4],
    nodes: Samples<'a>,
    /// Curves and a matrix with its offsets.
    middle: Option<([Curve<'a>; 3], [[f32; 4]; 3])>,
    last: [Curve<'a>; 3],
    encoding: Encoding,
}

impl<'a> DeviceTable<'a> {
    /// The perceptual table of a profile, else the colorimetric one, else that for saturation. `None` if it has none that can be read.
    pub fn parse(icc: Icc<'a>) -> Option<Self> {
        let is_lab = match &icc.bytes(20)? {
            b"Lab " => true,
            b"XYZ " => false,
            _ => return None,
        };
        let data = [b"A2B0", b"A2B1", b"A2B2"].iter().find_map(|&name| icc.tag(name))?;
        if data.bytes(8)? != [4, 3] {
            return None;
        }
        match &data.bytes(0)? {
            b"mft1" => Self::tables(data, 1, 48, (256, 256), if is_lab { Encoding::Lab } else { Encoding::Xyz }),
            b"mft2" => {
                let entries = |at| Some(usize::from(u16::from_be_bytes(data.bytes(at)?)));
                let entries = (entries(48)?, entries(50)?);
                Self::tables(data, 2, 52, entries, if is_lab { Encoding::OldLab } else { Encoding::Xyz })
            }
            b"mAB " => Self::stages(data, if is_lab { Encoding::Lab } else { Encoding::Xyz }),
            _ => None,
        }
    }

    /// `mft1` and `mft2`: everything is sampled.
    fn tables(data: Icc<'a>, width: usize, at: usize, entries: (usize, usize), encoding: Encoding) -> Option<Self> {
        let (entering, leaving) = entries;
        if entering < 2 || leaving < 2 {
            return None;
        }
        let [sides] = data.bytes::<1>(10)?;
        let grid = [usize::from(sides); 4];
        let count = node_count(grid)?.checked_mul(3)?;
        let curve = |at: usize, entries: usize| Samples::new(data.from(at)?.0, width, entries).map(Curve::Sampled);
        let after_inks = at + 4 * entering * width;
        let after_nodes = count.checked_mul(width)?.checked_add(after_inks)?;
        let ink = |i: usize| curve(at + i * entering * width, entering);
        let last = |i: usize| curve(after_nodes + i * leaving * width, leaving);
        Some(Self {
            inks: [ink(0)?, ink(1)?, ink(2)?, ink(3)?],
            grid,
            nodes: Samples::new(data.from(after_inks)?.0, width, count)?,
            middle: None,
            last: [last(0)?, last(1)?, last(2)?],
            encoding,
        })
    }

    /// `mAB `: curves for the inks, the grid, curves and a matrix, which may be left out, and curves.
    fn stages(data: Icc<'a>, encoding: Encoding) -> Option<Self> {
        let part = |at: usize| data.u32(at).filter(|&offset| offset > 0).and_then(|offset| data.from(offset));
        let table = part(24)?;
        let grid: [u8; 4] = table.bytes(0)?;
        let grid = grid.map(usize::from);
        let [width] = table.bytes::<1>(16)?;
        let middle = match (part(20), part(16)) {
            (Some(m_curves), Some(matrix)) => {
                let v = |i: usize| matrix.fixed(4 * i).map(|v| v as f32);
                let row = |i: usize| Some([v(3 * i)?, v(3 * i + 1)?, v(3 * i + 2)?, v(9 + i)?]);
                Some((curves(m_curves)?, [row(0)?, row(1)?, row(2)?]))
            }
            _ => None,
        };
        Some(Self {
            inks: curves(part(28)?)?,
            grid,
            nodes: Samples::new(table.from(20)?.0, width.into(), node_count(grid)?.checked_mul(3)?)?,
            middle,
            last: curves(part(12)?)?,
            encoding,
        })
    }

    /// Nodes along each ink.
    pub fn grid(&self) -> [usize; 4] {
        self.grid
    }

    /// Whether what is interpolated is XYZ and not Lab.
    pub fn is_xyz(&self) -> bool {
        matches!(self.encoding, Encoding::Xyz)
    }

    /// Where an ink (0 to 3 for C, M, Y, K; 1 for full) lies in its grid: 0 at the first node, 1 at the last.
    pub fn place(&self, ink: usize, value: f32) -> f32 {
        self.inks.get(ink).map_or(0.0, |curve| curve.at(value))
    }

    /// XYZ relative to [`D50`] at a place in the grid. As Little CMS does it: linear along cyan, and along the other inks from four corners of
    /// the cell, those on the path along the inks in order of their fractions.
    pub fn xyz(&self, places: [f32; 4]) -> [f32; 3] {
        let mut node = 0;
        let mut steps = [(0.0, 0); 4];
        let mut stride = 3;
        for ink in (0..4).rev() {
            let last = self.grid[ink] - 1;
            let at = places[ink].clamp(0.0, 1.0) * last as f32;
            let first = (at as usize).min(last.saturating_sub(1));
            node += first * stride;
            steps[ink] = (at - first as f32, if last == 0 { 0 } else { stride });
            stride *= self.grid[ink];
        }
        let [(cyan, cyan_stride), steps @ ..] = &mut steps;
        steps.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        let mut sum = [0.0; 3];
        let mut before = 1.0;
        for (step, stride) in steps.iter().copied().chain([(0.0, 0)]) {
            for (channel, sum) in sum.iter_mut().enumerate() {
                let (a, b) = (self.nodes.at(node + channel), self.nodes.at(node + *cyan_stride + channel));
                *sum += (a + (b - a) * *cyan) * (before - step);
            }
            before = step;
            node += stride;
        }
        if let Some((curves, matrix)) = &self.middle {
            let [a, b, c] = [0, 1, 2].map(|i: usize| curves[i].at(sum[i]));
            sum = matrix.map(|[x, y, z, offset]| x * a + y * b + z * c + offset);
        }
        let [a, b, c] = [0, 1, 2].map(|i: usize| self.last[i].at(sum[i]));
        match self.encoding {
            Encoding::Xyz => [a, b, c].map(|v| v * (1.0 + 32_767.0 / 32_768.0)),
            Encoding::Lab => from_lab([a * 100.0, b * 255.0 - 128.0, c * 255.0 - 128.0]),
            Encoding::OldLab => {
                from_lab([a * (6_553_500.0 / 65_280.0), b * (65_535.0 / 256.0) - 128.0, c * (65_535.0 / 256.0) - 128.0])
            }
        }
    }
}

/// How many nodes a grid has, if it can be one.
fn node_count(grid: [usize; 4]) -> Option<usize> {
    grid.iter().try_fold(1_usize, |count, &sides| count.checked_mul(sides)).filter(|&count| count > 0)
}

/// Curves one after the other, each padded to four bytes.
fn curves<'a, const N: usize>(data: Icc<'a>) -> Option<[Curve<'a>; N]> {
    let mut curves = [Curve::IDENTITY; N];
    let mut at = 0_usize;
    for curve in &mut curves {
        let length;
        (*curve, length) = Curve::parse(data.from(at)?)?;
        at = at.checked_add(length.checked_next_multiple_of(4)?)?;
    }
    Some(curves)
}

/// CIE 15:2018, 8.2.1, turned round.
fn from_lab([l, a, b]: [f32; 3]) -> [f32; 3] {
    let y = (l + 16.0) / 116.0;
    let f = [y + a / 500.0, y, y - b / 200.0];
    let mut xyz = D50;
    for (v, f) in xyz.iter_mut().zip(f) {
        *v *= if f > 6.0 / 29.0 { f * f * f } else { (f - 4.0 / 29.0) * (108.0 / 841.0) };
    }
    xyz
}
