//! Baseline coding of blocks (T.81, F.1.2).

use super::layout::{Component, Layout};
use super::tokens::{CHROMA, Tokens, dc, put};
use super::zigzag::in_zigzag;
use crate::zigzag::ZIGZAG;

/// Coefficients of a row of MCUs, row-major, and which are not 0.
#[derive(Clone, Copy)]
pub(super) struct Blocks<'e> {
    pub coefficients: &'e [i16],
    pub nonzero: &'e [u64],
}

/// Appends the blocks of a row of MCUs, in MCU order.
#[inline(never)]
pub(super) fn row(tokens: &mut Tokens, layout: &Layout, blocks: Blocks<'_>, row: usize, predictions: &mut [i32; 3]) {
    for x in 0..layout.across {
        for (c, prediction) in layout.components.iter().zip(&mut *predictions) {
            mcu(tokens, c, blocks, (x, row), prediction);
        }
    }
}

/// The blocks of one component. Those that hold no samples continue the DC.
#[inline(always)]
fn mcu(tokens: &mut Tokens, c: &Component, blocks: Blocks<'_>, (x, row): (usize, usize), prediction: &mut i32) {
    let chroma = c.table as u32 * CHROMA;
    for (y, i) in (0..c.v).flat_map(|y| (0..c.h).map(move |i| (y, i))) {
        let column = x * c.h + i;
        let at = c.blocks_at + y * c.across + column;
        if column < c.across
            && row * c.v + y < c.down
            && let Some(block) = blocks.coefficients.as_chunks::<64>().0.get(at)
            && let Some(&nonzero) = blocks.nonzero.get(at)
        {
            encode(tokens, chroma, block, nonzero, prediction);
        } else {
            tokens.push(chroma + dc(0), 0, 0);
            tokens.push(chroma, 0, 0);
        }
    }
}

#[inline(always)]
fn encode(tokens: &mut Tokens, chroma: u32, block: &[i16; 64], nonzero: u64, prediction: &mut i32) {
    let (window, counts) = tokens.window();
    let mut n = 0;
    let level = i32::from(block[0]);
    let (size, extra) = size_and_bits(level - *prediction);
    *prediction = level;
    put(window, &mut n, counts, chroma + dc(size), size, extra);
    let mut left = in_zigzag(nonzero & !1);
    let mut next = 1;
    while left != 0 {
        let k = left.trailing_zeros();
        left &= left - 1;
        let mut run = k - next;
        next = k + 1;
        while run > 15 {
            put(window, &mut n, counts, chroma + 0xF0, 0, 0);
            run -= 16;
        }
        let value = block[usize::from(ZIGZAG[k as usize & 63] & 63)];
        let (size, extra) = size_and_bits(value.into());
        put(window, &mut n, counts, chroma + (run << 4 | size), size, extra);
    }
    if next < 64 {
        put(window, &mut n, counts, chroma, 0, 0);
    }
    tokens.advance(n);
}

/// Bits of the magnitude, and the extra bits: less 1 where negative.
#[inline(always)]
pub(super) fn size_and_bits(value: i32) -> (u32, u32) {
    let sign = value >> 31;
    let size = 32 - ((value ^ sign) - sign).leading_zeros();
    (size, (value + sign) as u32 & ((1 << size) - 1))
}
