//! A picture laid over another (Porter and Duff's "over"), both with straight alpha.

/// Where on a picture another is laid.
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
}

/// Lays RGBA over RGB or RGBA; what lies outside is left out.
pub fn lay(below: &mut [u8], above: &[u8], laid: &Laid) {
    let channels = usize::from(laid.channels);
    if laid.width == 0 || laid.above == 0 {
        return;
    }
    let skipped = usize::try_from(-laid.x).unwrap_or(0);
    let left = usize::try_from(laid.x).unwrap_or(0);
    for (row, source) in above.chunks_exact(laid.above * 4).enumerate() {
        let Ok(y) = usize::try_from(laid.y + row as i64) else { continue };
        let Some(target) = below.chunks_exact_mut(laid.width * channels).nth(y) else { break };
        let target = target.chunks_exact_mut(channels).skip(left);
        for (under, over) in target.zip(source.chunks_exact(4).skip(skipped)) {
            pixel(under, over, laid.opacity);
        }
    }
}

fn pixel(under: &mut [u8], over: &[u8], opacity: u8) {
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
        let laid = Laid { width: 2, channels: (below.len() / 4) as u8, above: 1, x, y, opacity };
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
}
