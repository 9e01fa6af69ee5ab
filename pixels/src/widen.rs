//! Adds channels to pixels.

/// Converts grey to RGB if there has to be colour, and adds opaque alpha if there has to be alpha. Returns the pixels and their new
/// number of channels.
#[inline(never)]
pub fn widen(data: Vec<u8>, channels: u8, colour: bool, alpha: bool) -> (Vec<u8>, u8) {
    let data = match (channels, colour, alpha) {
        (1, false, true) => data.iter().flat_map(|&v| [v, 255]).collect(),
        (1, true, false) => data.iter().flat_map(|&v| [v; 3]).collect(),
        (1, true, true) => data.iter().flat_map(|&v| [v, v, v, 255]).collect(),
        (2, true, _) => data.as_chunks().0.iter().flat_map(|&[v, a]| [v, v, v, a]).collect(),
        (3, _, true) => data.as_chunks().0.iter().flat_map(|&[r, g, b]| [r, g, b, 255]).collect(),
        _ => return (data, channels),
    };
    (data, widened(channels, colour, alpha))
}

/// Channels once grey becomes colour, or what has no alpha gains it.
pub fn widened(channels: u8, colour: bool, alpha: bool) -> u8 {
    let colours = if colour || channels > 2 { 3 } else { 1 };
    colours + u8::from(alpha || channels.is_multiple_of(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widening_adds_what_is_asked_and_keeps_the_rest() {
        let pixels: [&[u8]; 4] = [&[9], &[9, 5], &[1, 2, 3], &[1, 2, 3, 5]];
        let expected: [[&[u8]; 4]; 4] = [
            [&[9], &[9, 255], &[9, 9, 9], &[9, 9, 9, 255]],
            [&[9, 5], &[9, 5], &[9, 9, 9, 5], &[9, 9, 9, 5]],
            [&[1, 2, 3], &[1, 2, 3, 255], &[1, 2, 3], &[1, 2, 3, 255]],
            [&[1, 2, 3, 5]; 4],
        ];
        for (data, expected) in pixels.into_iter().zip(expected) {
            for (asked, expected) in
                [(false, false), (false, true), (true, false), (true, true)].into_iter().zip(expected)
            {
                let wide = widen(data.to_vec(), data.len() as u8, asked.0, asked.1);
                assert_eq!(wide, (expected.to_vec(), expected.len() as u8), "{data:?} {asked:?}");
            }
        }
    }
}
