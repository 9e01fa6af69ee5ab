//! How much of a picture is new: little of a drawing, whose strokes and letters repeat, and most of a photo.

/// Places to remember what was seen.
const SEEN: usize = 4096;

/// The share of pixels, 0 to 1, that are neither like the one to the left or above, nor follow what they have followed before.
#[inline(never)]
pub fn novelty(rows: &[u8], width: usize, channels: u8) -> f32 {
    let step = usize::from(channels);
    let stride = width * step;
    if stride == 0 {
        return 0.0;
    }
    let mut seen = vec![0_u32; SEEN];
    let mut above = vec![0_u32; width];
    // as many pixels together as take some bytes
    let together = if step < 3 { 4 } else { 2 };
    let (mut count, mut new) = (0_u32, 0_u32);
    for row in rows.chunks_exact(stride) {
        let mut before = [0_u32; 4];
        for (pixel, above) in row.chunks_exact(step).zip(&mut above) {
            let value = pixel.iter().fold(0, |value, &v| value << 8 | u32::from(v));
            let is_flat = value == before[3] || value == *above;
            before = [before[1], before[2], before[3], value];
            *above = value;
            let mark = before[4 - together..]
                .iter()
                .fold(0_u32, |mark, &v| (mark.rotate_left(7) ^ v).wrapping_mul(0x9E37_79B1));
            let place = &mut seen[mark as usize >> 20];
            count += 1;
            new += u32::from(!is_flat && *place != mark);
            *place = mark;
        }
    }
    if count == 0 { 0.0 } else { new as f32 / count as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_new_and_what_is_drawn_again_is_not() {
        let mut state = 1_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        for channels in 1..=4_u8 {
            let width = 100;
            let noise: Vec<u8> = (0..width * 40 * usize::from(channels)).map(|_| next()).collect();
            assert!(novelty(&noise, width, channels) > 0.9, "{channels}");
            // the same letters in other places
            let line: Vec<u8> = (0..width * usize::from(channels)).map(|_| next()).collect();
            let drawn: Vec<u8> = (0..40)
                .flat_map(|y| {
                    let mut line = line.clone();
                    line.rotate_right(y * 3 % width * usize::from(channels));
                    line
                })
                .collect();
            assert!(novelty(&drawn, width, channels) < 0.2, "{channels}");
            assert_eq!(novelty(&vec![7; drawn.len()], width, channels) * width as f32 * 40.0, 1.0);
        }
        assert_eq!(novelty(&[], 10, 3), 0.0);
    }
}
