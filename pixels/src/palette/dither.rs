//! Pixels as numbers of a palette's colours.

use super::nearest::Palette;
use super::{CELLS, OPAQUE_CELLS, cell, premultiplied};

/// The numbers of RGBA pixels' colours. Clear pixels have the number of the palette's clear colour, and `clear` where there is none. Errors are
/// spread over neighbours that are not clear, rows from the left and from the right in turn, or left as they are.
#[inline(never)]
pub fn indexed(pixels: &[u8], width: usize, palette: &Palette, clear: u8, is_dithered: bool) -> Vec<u8> {
    let clear = palette.colours().iter().position(|colour| colour[3] == 0).map_or(clear, |at| at as u8);
    let mut out = vec![0; pixels.len() / 4];
    let mut mapping = Mapping {
        palette,
        found: vec![0; if palette.has_alpha { CELLS } else { OPAQUE_CELLS }],
        below: vec![[0; 3]; width + 2],
        here: vec![[0; 3]; width + 2],
        is_dithered,
        clear,
    };
    for (y, (row, out)) in pixels.chunks_exact(width.max(1) * 4).zip(out.chunks_exact_mut(width.max(1))).enumerate() {
        mapping.row(row.as_chunks::<4>().0, out, y % 2 == 1);
    }
    out
}

struct Mapping<'a> {
    palette: &'a Palette,
    /// Of each cell, the number of its nearest colour and one.
    found: Vec<u16>,
    /// Errors in sixteenths, of this row and of the next, one pixel of margin on each side.
    here: Vec<[i32; 3]>,
    below: Vec<[i32; 3]>,
    is_dithered: bool,
    clear: u8,
}

impl Mapping<'_> {
    #[inline(never)]
    fn row(&mut self, row: &[[u8; 4]], out: &mut [u8], from_right: bool) {
        let width = row.len();
        self.below.fill([0; 3]);
        let mut ahead = [0; 3];
        for i in 0..width {
            let (x, next, last) = if from_right { (width - 1 - i, -1, 1) } else { (i, 1, -1) };
            let pixel = row[x];
            if pixel[3] == 0 {
                out[x] = self.clear;
                ahead = [0; 3];
                continue;
            }
            let light = premultiplied(pixel);
            let spread: [i32; 3] = std::array::from_fn(|c| (ahead[c] + self.here[x + 1][c] + 8) >> 4);
            let most = i32::from(light[3]);
            let wanted: [i32; 3] = std::array::from_fn(|c| (i32::from(light[c]) + spread[c]).clamp(0, most));
            let number = self.number([wanted[0] as u8, wanted[1] as u8, wanted[2] as u8, light[3]]);
            out[x] = number;
            if !self.is_dithered {
                continue;
            }
            let chosen = self.palette.premultiplied_colours()[usize::from(number)];
            let error: [i32; 3] = std::array::from_fn(|c| wanted[c] - i32::from(chosen[c]));
            let at = |step: isize| (x + 1).wrapping_add_signed(step);
            for c in 0..3 {
                ahead[c] = error[c] * 7;
                self.below[at(last)][c] += error[c] * 3;
                self.below[x + 1][c] += error[c] * 5;
                self.below[at(next)][c] += error[c];
            }
        }
        std::mem::swap(&mut self.here, &mut self.below);
    }

    #[inline(always)]
    fn number(&mut self, light: [u8; 4]) -> u8 {
        let cell = cell(light) % self.found.len();
        match self.found[cell] {
            0 => {
                // the middle of the cell, but for its ends
                let middle = |v: u8| {
                    i32::from(v & !7)
                        + if v >= 248 {
                            7
                        } else if v < 8 {
                            0
                        } else {
                            4
                        }
                };
                let number =
                    self.palette.nearest([middle(light[0]), middle(light[1]), middle(light[2]), light[3].into()]);
                self.found[cell] = u16::from(number) + 1;
                number
            }
            number => (number - 1) as u8,
        }
    }
}
