//! The kernels one sample at a time.

use super::{FRACTION, Pair, TAPS, Windows};

/// New samples of one line.
pub fn across(windows: &Windows, line: &[u8], out: &mut [i16]) {
    let shift = windows.bits - FRACTION;
    let half = 1 << shift >> 1;
    for (i, (out, &start)) in out.iter_mut().zip(&windows.starts).enumerate() {
        let mut sum = half;
        for vector in 0..windows.vectors {
            let weights = &windows.weights[(i / 4 * windows.vectors + vector) * 4 + i % 4];
            let samples = &line[start as usize + vector * TAPS..][..TAPS];
            sum += samples.iter().zip(weights).map(|(&s, &w)| i32::from(s) * i32::from(w)).sum::<i32>();
        }
        *out = (sum >> shift).clamp(i16::MIN.into(), i16::MAX.into()) as i16;
    }
}

/// A line that is the weighted sum of lines of `ring`, `bits` after the point.
pub fn down(ring: &[i16], pairs: &[Pair], bits: u32, out: &mut [u8]) {
    for (x, out) in out.iter_mut().enumerate() {
        let mut sum = 1 << bits >> 1;
        for Pair { at, weights } in pairs {
            for (at, &weight) in at.iter().zip(weights) {
                sum += i32::from(ring[at + x]) * i32::from(weight);
            }
        }
        *out = (sum >> bits).clamp(0, 255) as u8;
    }
}
