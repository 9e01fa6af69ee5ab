//! Colours named by chromaticities become a profile, so that what follows knows one way to say what colours mean.
//!
//! Source: ITU-T H.273 (2023), table 2; PNG, third edition, 11.3.2 (cHRM); ICC.1:2022, clauses 7 to 10 and annex E (adaptation to D50).

type Matrix = [[f64; 3]; 3];

/// CIE 1931 chromaticities of white, red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Primaries(pub [[f64; 2]; 4]);

const D65: [f64; 2] = [0.3127, 0.3290];
const C: [f64; 2] = [0.310, 0.316];
const E: [f64; 2] = [1.0 / 3.0, 1.0 / 3.0];
const P3: [[f64; 2]; 3] = [[0.680, 0.320], [0.265, 0.690], [0.150, 0.060]];

const D50: [f64; 3] = [0.9642, 1.0, 0.8249];

/// Bradford's cone responses of XYZ.
const CONES: Matrix = [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]];

impl Primaries {
    pub const SRGB: Self = Self([D65, [0.640, 0.330], [0.300, 0.600], [0.150, 0.060]]);

    /// By their number in H.273. `None` for those that are reserved or say nothing.
    pub fn of_h273(number: u8) -> Option<Self> {
        let (white, [red, green, blue]) = match number {
            1 => return Some(Self::SRGB),
            4 => (C, [[0.67, 0.33], [0.21, 0.71], [0.14, 0.08]]),
            5 => (D65, [[0.64, 0.33], [0.29, 0.60], [0.15, 0.06]]),
            6 | 7 => (D65, [[0.630, 0.340], [0.310, 0.595], [0.155, 0.070]]),
            8 => (C, [[0.681, 0.319], [0.243, 0.692], [0.145, 0.049]]),
            9 => (D65, [[0.708, 0.292], [0.170, 0.797], [0.131, 0.046]]),
            10 => (E, [[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]),
            11 => ([0.314, 0.351], P3),
            12 => (D65, P3),
            22 => (D65, [[0.630, 0.340], [0.295, 0.605], [0.155, 0.077]]),
            _ => return None,
        };
        Some(Self([white, red, green, blue]))
    }

    /// Whether they are sRGB's to three decimals.
    pub fn are_srgb(&self) -> bool {
        self.0.iter().flatten().zip(Self::SRGB.0.iter().flatten()).all(|(a, b)| (a - b).abs() < 0.001_5)
    }

    /// A profile of them and sRGB's transfer function, of version 4. `None` where they span no colours.
    #[inline(never)]
    pub fn profile(&self, name: &str) -> Option<Vec<u8>> {
        let columns = self.columns()?;
        let curve = curve();
        // name, data; the curve is that of all three
        let tags: [(&[u8; 4], Vec<u8>); 10] = [
            (b"desc", text(name)),
            (b"cprt", text("CC0")),
            (b"wtpt", xyz(D50)),
            (b"chad", numbers(b"sf32", self.adaptation()?.as_flattened())),
            (b"rXYZ", xyz(columns[0])),
            (b"gXYZ", xyz(columns[1])),
            (b"bXYZ", xyz(columns[2])),
            (b"rTRC", curve.clone()),
            (b"gTRC", curve.clone()),
            (b"bTRC", curve),
        ];
        let mut file = vec![0; 128];
        file[8..10].copy_from_slice(&[4, 0x30]);
        file[12..24].copy_from_slice(b"mntrRGB XYZ ");
        // a date is wanted: 1 January 2026
        file[24..30].copy_from_slice(&[0x07, 0xea, 0, 1, 0, 1]);
        file[36..40].copy_from_slice(b"acsp");
        file[68..80].copy_from_slice(&xyz(D50)[8..]);
        let first = 132 + 12 * tags.len();
        file.extend((tags.len() as u32).to_be_bytes());
        let mut data = Vec::new();
        let mut last: Option<(usize, &[u8])> = None;
        for (name, tag) in &tags {
            // what is the same stands there once
            let at = match last {
                Some((at, before)) if before == tag.as_slice() => at,
                _ => first + data.len(),
            };
            if at == first + data.len() {
                data.extend(tag);
                data.resize(data.len().next_multiple_of(4), 0);
            }
            file.extend(*name);
            file.extend((at as u32).to_be_bytes());
            file.extend((tag.len() as u32).to_be_bytes());
            last = Some((at, tag));
        }
        file.extend(data);
        let length = (file.len() as u32).to_be_bytes();
        file[..4].copy_from_slice(&length);
        Some(file)
    }

    /// How much red and blue weigh in luminance. `None` where they span no colours.
    pub fn luma_weights(&self) -> Option<(f64, f64)> {
        let [white, primaries @ ..] = self.0.map(|[x, y]| [x, y, 1.0 - x - y]);
        let rows = [0, 1, 2].map(|i: usize| primaries.map(|primary| primary[i]));
        let amounts = apply(&inverse(&rows)?, white.map(|v| v / white[1]));
        Some((amounts[0] * primaries[0][1], amounts[2] * primaries[2][1]))
    }

    /// What makes colours under their white those under D50.
    fn adaptation(&self) -> Option<Matrix> {
        let [x, y] = self.0[0];
        let white = [x / y, 1.0, (1.0 - x - y) / y];
        let (from, to) = (apply(&CONES, white), apply(&CONES, D50));
        let back = inverse(&CONES)?;
        let columns = [0, 1, 2].map(|j: usize| {
            let cones = [0, 1, 2].map(|i: usize| CONES[i][j] * to[i] / from[i]);
            apply(&back, cones)
        });
        let rows = [0, 1, 2].map(|i: usize| columns.map(|column| column[i]));
        rows.as_flattened().iter().all(|v| v.is_finite() && v.abs() < 100.0).then_some(rows)
    }

    /// XYZ of full red, green and blue, adapted to D50.
    fn columns(&self) -> Option<[[f64; 3]; 3]> {
        let [white, primaries @ ..] = self.0.map(|[x, y]| [x, y, 1.0 - x - y]);
        if white[1] <= 0.0 {
            return None;
        }
        let white = white.map(|v| v / white[1]);
        // a row for each of X, Y and Z; how much of each primary makes white
        let rows = [0, 1, 2].map(|i: usize| primaries.map(|primary| primary[i]));
        let amounts = apply(&inverse(&rows)?, white);
        let (from, to) = (apply(&CONES, white), apply(&CONES, D50));
        let back = inverse(&CONES)?;
        let mut columns = primaries;
        for (column, amount) in columns.iter_mut().zip(amounts) {
            let cones = apply(&CONES, column.map(|v| v * amount));
            *column = apply(&back, [0, 1, 2].map(|i: usize| cones[i] * to[i] / from[i]));
        }
        columns.iter().flatten().all(|v| v.is_finite() && v.abs() < 4.0).then_some(columns)
    }
}

fn apply(matrix: &Matrix, v: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2])
}

fn inverse(m: &Matrix) -> Option<Matrix> {
    // a cofactor each, with its sign by going round
    let cofactor = |i: usize, j: usize| {
        let (a, b, c, d) = ((i + 1) % 3, (i + 2) % 3, (j + 1) % 3, (j + 2) % 3);
        m[a][c] * m[b][d] - m[a][d] * m[b][c]
    };
    let determinant: f64 = (0..3).map(|j| m[0][j] * cofactor(0, j)).sum();
    (determinant.abs() > 1e-6).then(|| [0, 1, 2].map(|i| [0, 1, 2].map(|j| cofactor(j, i) / determinant)))
}

/// A number as an s15Fixed16Number.
fn fixed(v: f64) -> [u8; 4] {
    ((v * 65_536.0).round() as i32).to_be_bytes()
}

fn numbers(kind: &[u8; 4], values: &[f64]) -> Vec<u8> {
    let mut out = [&kind[..], &[0; 4]].concat();
    values.iter().for_each(|v| out.extend(fixed(*v)));
    out
}

fn xyz(v: [f64; 3]) -> Vec<u8> {
    numbers(b"XYZ ", &v)
}

/// In one language.
fn text(text: &str) -> Vec<u8> {
    let text: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let head = b"mluc\0\0\0\0\0\0\0\x01\0\0\0\x0cenUS";
    [&head[..], &(text.len() as u32).to_be_bytes(), &28_u32.to_be_bytes(), &text].concat()
}

/// sRGB's transfer function, by parameters.
fn curve() -> Vec<u8> {
    let parameters = [2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.040_45].map(fixed);
    [&b"para\0\0\0\0\0\x03\0\0"[..], parameters.as_flattened()].concat()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::colour::srgb::is_srgb;

    #[test]
    fn srgbs_primaries_make_srgbs_profile_and_others_do_not() {
        assert!(is_srgb(&Primaries::SRGB.profile("x").unwrap()));
        for number in (0..=255).filter(|&number| number != 1) {
            if let Some(primaries) = Primaries::of_h273(number) {
                assert!(!is_srgb(&primaries.profile("x").unwrap()) && !primaries.are_srgb(), "{number}");
            }
        }
    }

    #[test]
    fn red_green_and_blue_make_white() {
        for primaries in (0..=255).filter_map(Primaries::of_h273) {
            let columns = primaries.columns().unwrap();
            for i in 0..3 {
                let sum: f64 = columns.iter().map(|column| column[i]).sum();
                assert!((sum - D50[i]).abs() < 1e-6, "{primaries:?}");
            }
        }
    }

    #[test]
    fn what_spans_no_colours_is_refused() {
        let [white, red, green, _] = Primaries::SRGB.0;
        for wrong in
            [[white, red, green, green], [[0.3, 0.0], red, green, [0.15, 0.06]], [[0.0; 2]; 4], [white, red, red, red]]
        {
            assert!(Primaries(wrong).profile("x").is_none(), "{wrong:?}");
        }
    }
}
