//! sRGB's samples to light of 16 bits, by planes, and back. Where there is alpha, the last plane, light is multiplied by it.

use crate::srgb;

/// A sample of 8 bits of every light.
#[inline(never)]
pub fn of_light() -> Vec<u8> {
    let mut table = vec![255; 65_536];
    let mut from = 0;
    for sample in 0..255_u8 {
        let end = (srgb::light((f32::from(sample) + 0.5) / 255.0) * 65_535.0).ceil() as usize;
        table[from..end.max(from)].fill(sample);
        from = end.max(from);
    }
    table
}

/// The light of every sample of 8 bits, or of 16.
#[inline(never)]
pub fn to_light(is_wide: bool) -> Vec<u16> {
    let last = if is_wide { 65_535_u32 } else { 255 };
    (0..=last).map(|v| (srgb::light(v as f32 / last as f32) * 65_535.0 + 0.5) as u16).collect()
}

/// Takes a row of pixels apart.
#[inline(never)]
pub fn split_to_light(row: &[u8], table: &[u16], planes: &mut [Vec<u16>]) {
    let samples = |at: usize, channels: usize| row.iter().skip(at).step_by(channels).map(|v| usize::from(*v));
    let channels = planes.len();
    let alpha = channels.is_multiple_of(2).then(|| channels - 1);
    fill(planes, alpha, |at, plane| {
        if Some(at) == alpha {
            plane.iter_mut().zip(samples(at, channels)).for_each(|(out, v)| *out = v as u16 * 257);
        } else {
            plane.iter_mut().zip(samples(at, channels)).for_each(|(out, v)| *out = table[v]);
        }
    });
}

/// The same of samples of 16 bits, most significant byte first.
#[inline(never)]
pub fn split_wide_to_light(row: &[u8], table: &[u16], planes: &mut [Vec<u16>]) {
    let row = row.as_chunks::<2>().0;
    let samples = |at: usize, channels: usize| row.iter().skip(at).step_by(channels).map(|v| u16::from_be_bytes(*v));
    let channels = planes.len();
    let alpha = channels.is_multiple_of(2).then(|| channels - 1);
    fill(planes, alpha, |at, plane| {
        if Some(at) == alpha {
            plane.iter_mut().zip(samples(at, channels)).for_each(|(out, v)| *out = v);
        } else {
            plane.iter_mut().zip(samples(at, channels)).for_each(|(out, v)| *out = table[usize::from(v)]);
        }
    });
}

fn fill(planes: &mut [Vec<u16>], alpha: Option<usize>, mut one: impl FnMut(usize, &mut [u16])) {
    planes.iter_mut().enumerate().for_each(|(at, plane)| one(at, plane));
    if let Some((alpha, colours)) = alpha.and_then(|_| planes.split_last_mut()) {
        for plane in colours {
            for (v, alpha) in plane.iter_mut().zip(alpha.iter()) {
                *v = ((u32::from(*v) * u32::from(*alpha) + 32_767) / 65_535) as u16;
            }
        }
    }
}

/// Planes of samples, straight; the table is [`of_light`]'s.
#[inline(never)]
pub fn light_to_samples(planes: &[Vec<u16>], table: &[u8], out: &mut [Vec<u8>]) {
    let (colours, alpha) = match planes.split_last() {
        Some((alpha, colours)) if planes.len().is_multiple_of(2) => (colours, Some(alpha)),
        _ => (planes, None),
    };
    for (light, out) in colours.iter().zip(out.iter_mut()) {
        match alpha {
            None => out.iter_mut().zip(light).for_each(|(out, v)| *out = table[usize::from(*v)]),
            Some(alpha) => {
                for ((out, &v), &alpha) in out.iter_mut().zip(light).zip(alpha) {
                    let straight = (u32::from(v) * 65_535 + u32::from(alpha) / 2).checked_div(alpha.into());
                    *out = table[straight.unwrap_or(0).min(65_535) as usize];
                }
            }
        }
    }
    if let (Some(alpha), Some(out)) = (alpha, out.last_mut()) {
        out.iter_mut().zip(alpha).for_each(|(out, v)| *out = ((u32::from(*v) + 128) / 257) as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_comes_back_with_alpha_and_without() {
        let (there, back) = (to_light(false), of_light());
        for channels in [1, 2, 3, 4] {
            let row: Vec<u8> = (0..=255).flat_map(|v| [v, 255 - v, v / 2, 200]).collect();
            let row: Vec<u8> = row
                .chunks(4)
                .flat_map(|p| {
                    if channels % 2 == 0 { [&p[..channels - 1], &p[3..]].concat() } else { p[..channels].to_vec() }
                })
                .collect();
            let mut planes = vec![vec![0; 256]; channels];
            split_to_light(&row, &there, &mut planes);
            let mut out = vec![vec![0; 256]; channels];
            light_to_samples(&planes, &back, &mut out);
            for (x, pixel) in row.chunks(channels).enumerate() {
                // dark samples lose a little to alpha
                assert!(
                    (0..channels).all(|c| out[c][x].abs_diff(pixel[c]) <= u8::from(channels % 2 == 0)),
                    "{channels} {x}"
                );
            }
        }
    }

    #[test]
    fn wide_samples_are_the_light_of_narrow_ones() {
        let (narrow, wide) = (to_light(false), to_light(true));
        assert!((0..256).all(|v| narrow[v] == wide[v * 257]));
        let mut planes = vec![vec![0; 2]; 2];
        split_wide_to_light(&[0x80, 0x80, 0xff, 0xff, 0xff, 0xff, 0x80, 0x00], &wide, &mut planes);
        assert_eq!(planes, [[narrow[128], 32_768], [65_535, 32_768]]);
    }
}
