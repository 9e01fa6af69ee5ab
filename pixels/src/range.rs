//! VP8's range of samples (RFC 6386, section 2) to the full one of T.871.

use deckle_simd::*;

/// Luma of 16 to 235, or chroma of 16 to 240, to 0 to 255, in place and rounded to nearest. What lies outside is the nearest end.
#[inline(never)]
pub fn full_range(line: &mut [u8], is_chroma: bool) {
    let range = if is_chroma { CHROMA } else { LUMA };
    let (sixteens, rest) = line.as_chunks_mut::<16>();
    for samples in sixteens {
        let v = load_bytes(samples);
        let zero = splat32(0);
        store_bytes(samples, narrow16_unsigned(eight(zip8_low(v, zero), range), eight(zip8_high(v, zero), range)));
    }
    for sample in rest {
        let v = i32::from(*sample) - range.from;
        *sample = (v + ((v * range.factor + (1 << 14)) >> 15) + range.to).clamp(0, 255) as u8;
    }
}

/// What `from` stands for becomes `to`; distances grow by `factor` / 2^15, which is exact to the nearest whole number.
#[derive(Clone, Copy)]
struct Range {
    from: i32,
    to: i32,
    factor: i32,
}

const LUMA: Range = Range { from: 16, to: 0, factor: (36 * (1 << 15) + 109) / 219 };
const CHROMA: Range = Range { from: 128, to: 128, factor: (31 * (1 << 15) + 112) / 224 };

/// Eight samples, not yet clamped: narrowing does that.
#[inline(always)]
fn eight(v: V128, range: Range) -> V128 {
    let v = sub16(v, pair(range.from, range.from));
    let (one, factors) = (pair(1, 1), pair(range.factor, 1 << 14));
    let more = |v| shr32::<15>(dot(v, factors));
    let more = narrow32(more(zip16_low(v, one)), more(zip16_high(v, one)));
    add16(add16(v, more), pair(range.to, range.to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_is_the_nearest_in_vectors_and_alone() {
        for (is_chroma, from, to, steps) in [(false, 16.0, 0.0, 219.0), (true, 128.0, 128.0, 224.0)] {
            let all: Vec<u8> = (0..=255).collect();
            let mut line = all.clone();
            full_range(&mut line, is_chroma);
            for (&before, &after) in all.iter().zip(&line) {
                let exact: f64 = ((f64::from(before) - from) * 255.0 / steps + to).clamp(0.0, 255.0);
                assert!((exact - f64::from(after)).abs() <= 0.5, "{is_chroma} {before}: {after}, {exact}");
                let mut alone = [before];
                full_range(&mut alone, is_chroma);
                assert_eq!(alone[0], after);
            }
        }
    }
}
