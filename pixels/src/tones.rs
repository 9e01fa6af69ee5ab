//! A function of each sample, by a table.

/// Colour samples through a table of every value, alpha as it is: of 256 for samples of 8 bits; of 65,536 for samples of 16, most significant
/// byte first, which become 8 bits in place. A table of another length changes nothing.
#[inline(never)]
pub fn tones(data: &mut Vec<u8>, channels: u8, table: &[u8]) {
    let colours = match channels {
        2 | 4 => channels - 1,
        _ => channels,
    };
    let (channels, colours) = (usize::from(channels.max(1)), usize::from(colours));
    if let Ok(table) = <&[u8; 256]>::try_from(table) {
        for pixel in data.chunks_exact_mut(channels) {
            pixel.iter_mut().take(colours).for_each(|v| *v = table[usize::from(*v)]);
        }
    } else if let Ok(table) = <&[u8; 65_536]>::try_from(table) {
        let pixels = data.len() / 2 / channels;
        for at in (0..pixels).map(|pixel| pixel * channels) {
            for i in at..at + channels {
                let wide = u16::from_be_bytes([data[2 * i], data[2 * i + 1]]);
                data[i] = if i < at + colours { table[usize::from(wide)] } else { crate::narrow::narrowed(wide) };
            }
        }
        data.truncate(pixels * channels);
    }
}

#[cfg(test)]
mod tests {
    use super::tones;

    #[test]
    fn colours_are_looked_up_and_alpha_is_kept() {
        let table: Vec<u8> = (0..=255).rev().collect();
        for (channels, expected) in
            [(1, [254, 253, 252, 251]), (2, [254, 2, 252, 4]), (3, [254, 253, 252, 4]), (4, [254, 253, 252, 4])]
        {
            let mut data = vec![1, 2, 3, 4];
            tones(&mut data, channels, &table);
            assert_eq!(data, expected, "{channels}");
        }
    }

    #[test]
    fn wide_samples_are_looked_up_whole_and_become_bytes() {
        let table: Vec<u8> = (0..=u16::MAX).map(|v| v as u8).collect();
        let mut data = vec![0x12, 0x34, 0x80, 0x80, 0x56, 0x78, 0xff, 0xff];
        tones(&mut data, 2, &table);
        assert_eq!(data, [0x34, 0x80, 0x78, 0xff]);
    }
}
