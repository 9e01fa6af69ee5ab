//! Converts 16-bit samples to 8 bits.

/// Samples of 16 bits, most significant byte first, to 8 bits in place, rounded to nearest.
#[inline(never)]
pub fn narrow(data: &mut Vec<u8>) {
    let half = data.len() / 2;
    for i in 0..half {
        data[i] = narrowed(u16::from_be_bytes([data[2 * i], data[2 * i + 1]]));
    }
    data.truncate(half);
}

#[inline(always)]
pub(crate) fn narrowed(wide: u16) -> u8 {
    ((u32::from(wide) * 255 + 32_767) / 65_535) as u8
}

#[cfg(test)]
mod tests {
    #[test]
    fn sixteen_bits_are_rounded_to_eight() {
        for wide in 0..=u16::MAX {
            let mut data = wide.to_be_bytes().to_vec();
            super::narrow(&mut data);
            assert_eq!(f64::from(data[0]), (f64::from(wide) / 257.0).round(), "{wide}");
        }
    }
}
