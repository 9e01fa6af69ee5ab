//! A picture laid on another, both with straight alpha.

use crate::Blend;

/// Where on a picture another is laid, and how.
#[derive(Clone, Copy, Debug)]
pub struct Laid {
    /// Pixels of a row of the picture below.
    pub width: usize,
    /// Channels of the picture below, 3 or 4.
    pub channels: u8,
    /// Pixels of a row of the one above.
    pub above: usize,
    /// Where its left edge lies; may be outside.
    pub x: i64,
    /// Where its top edge lies; may be outside.
    pub y: i64,
    /// How much of it shows, 0 to 255.
    pub opacity: u8,
    /// How colours are mixed.
    pub blend: Blend,
    /// Whether it is repeated in all directions.
    pub tile: bool,
}

/// Lays RGBA over RGB or RGBA; what lies outside is left out.
pub fn lay(below: &mut [u8], above: &[u8], laid: &Laid) {
    let channels = usize::from(laid.channels);
    let rows = above.len() / 4 / laid.above.max(1);
    if laid.width == 0 || laid.above == 0 || rows == 0 {
        return;
    }
    for (y, target) in below.chunks_exact_mut(laid.width * channels).enumerate() {
        let from_top = (y as i64).saturating_sub(laid.y);
        let row =
            if laid.tile { Some(from_top.rem_euclid(rows as i64) as usize) } else { usize::try_from(from_top).ok() };
        match row.and_then(|row| above.chunks_exact(laid.above * 4).nth(row)) {
            Some(source) => lay_row(target, source, laid),
            None => lay_nothing(target, laid),
        }
    }
}

fn lay_row(target: &mut [u8], source: &[u8], laid: &Laid) {
    let channels = usize::from(laid.channels);
    if laid.tile {
        let first = laid.x.saturating_neg().rem_euclid(laid.above as i64) as usize;
        let (before, after) = source.split_at(first * 4);
        let mut rest = target;
        for part in [after, before].into_iter().cycle() {
            if rest.is_empty() {
                return;
            }
            let (now, later) = rest.split_at_mut((part.len() / 4 * channels).min(rest.len()));
            lay_pixels(now, part, laid);
            rest = later;
        }
        return;
    }
    let skipped = usize::try_from(laid.x.saturating_neg()).unwrap_or(0).min(laid.above);
    let left = usize::try_from(laid.x).unwrap_or(0).min(laid.width);
    let (outside, rest) = target.split_at_mut(left * channels);
    let (covered, beyond) = rest.split_at_mut(((laid.above - skipped) * channels).min(rest.len()));
    lay_nothing(outside, laid);
    lay_pixels(covered, &source[skipped * 4..], laid);
    lay_nothing(beyond, laid);
}

/// What lies beside the picture above.
fn lay_nothing(target: &mut [u8], laid: &Laid) {
    if laid.blend == Blend::DestIn {
        target.fill(0);
    }
}

fn lay_pixels(target: &mut [u8], source: &[u8], laid: &Laid) {
    let pairs = target.chunks_exact_mut(usize::from(laid.channels)).zip(source.chunks_exact(4));
    match laid.blend {
        Blend::Over => pairs.for_each(|(under, over)| pixel(under, over, laid.opacity)),
        blend => {
            let opacity = f32::from(laid.opacity) / 255.0;
            pairs.for_each(|(under, over)| blend.pixel(under, over, opacity));
        }
    }
}

pub(crate) fn pixel(under: &mut [u8], over: &[u8], opacity: u8) {
    let alpha = (u32::from(over[3]) * u32::from(opacity) + 127) / 255;
    match under {
        [r, g, b] => {
            for (below, above) in [r, g, b].into_iter().zip(over) {
                let sum = u32::from(*above) * alpha + u32::from(*below) * (255 - alpha);
                *below = ((sum + 127) / 255) as u8;
            }
        }
        [r, g, b, a] => {
            // both shares in 1/65,025
            let (share, rest) = (alpha * 255, u32::from(*a) * (255 - alpha));
            let whole = share + rest;
            if whole == 0 {
                return;
            }
            for (below, above) in [r, g, b].into_iter().zip(over) {
                let sum = u32::from(*above) * share + u32::from(*below) * rest;
                *below = ((sum + whole / 2) / whole) as u8;
            }
            *a = ((whole + 127) / 255) as u8;
        }
        _ => (),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(below: &[u8], above: &[u8], x: i64, y: i64, opacity: u8) -> Vec<u8> {
        let mut below = below.to_vec();
        let channels = (below.len() / 4) as u8;
        let laid = Laid { width: 2, channels, above: 1, x, y, opacity, blend: Blend::Over, tile: false };
        lay(&mut below, above, &laid);
        below
    }

    #[test]
    fn an_opaque_picture_hides_and_a_faint_one_mixes() {
        let below = [10; 12];
        assert_eq!(over(&below, &[200, 100, 0, 255], 1, 1, 255)[9..], [200, 100, 0]);
        assert_eq!(over(&below, &[210, 110, 10, 255], 0, 0, 128)[..3], [110, 60, 10]);
        assert_eq!(over(&below, &[200, 100, 0, 0], 0, 0, 255), below);
        // on what is not there it shows as it is
        assert_eq!(over(&[0; 16], &[9, 8, 7, 100], 0, 0, 255)[..4], [9, 8, 7, 100]);
    }

    #[test]
    fn what_lies_outside_is_left_out() {
        let below = [1; 12];
        for (x, y) in [(2, 0), (-1, 0), (0, 2), (0, -1), (i64::MIN / 2, 0), (0, i64::MAX / 2)] {
            assert_eq!(over(&below, &[9, 9, 9, 255], x, y, 255), below, "{x},{y}");
        }
    }

    #[test]
    fn tiles_are_repeated_from_where_one_of_them_lies() {
        let tile: Vec<u8> = (1..=6).flat_map(|v| [v, v, v, 255]).collect();
        let mut laid =
            Laid { width: 5, channels: 3, above: 3, x: 1, y: 1, opacity: 255, blend: Blend::Over, tile: true };
        for (x, y) in [(1, 1), (-2, -1), (4, 3), (1 - 3_000_000, 1)] {
            (laid.x, laid.y) = (x, y);
            let mut below = vec![0; 5 * 3 * 3];
            lay(&mut below, &tile, &laid);
            let seen: Vec<u8> = below.chunks(3).map(|pixel| pixel[0]).collect();
            assert_eq!(seen, [6, 4, 5, 6, 4, 3, 1, 2, 3, 1, 6, 4, 5, 6, 4], "{x},{y}");
        }
    }

    #[test]
    fn a_picture_cut_to_another_is_nothing_beside_it() {
        let mut below = [7; 2 * 3 * 4];
        let laid =
            Laid { width: 2, channels: 4, above: 1, x: 1, y: 1, opacity: 255, blend: Blend::DestIn, tile: false };
        lay(&mut below, &[1, 2, 3, 255], &laid);
        let alpha: Vec<u8> = below.chunks(4).map(|pixel| pixel[3]).collect();
        assert_eq!(alpha, [0, 0, 0, 7, 0, 0]);
    }
}
