//! Rows as files store them, made into 8 bits a sample, red first.

/// Colours of indices of 1, 2, 4 or 8 bits, the first in the highest bits. A palette has 256 colours; alpha, where there is one, is full.
#[inline(never)]
pub fn of_indices(row: &[u8], bits: u8, palette: &[[u8; 3]], channels: u8, out: &mut [u8]) {
    let mut whole = [[0; 3]; 256];
    whole.iter_mut().zip(palette).for_each(|(to, from)| *to = *from);
    let per_byte = 8 / usize::from(bits.clamp(1, 8));
    let mask = ((1_u16 << bits) - 1) as u8;
    let index = |i: usize| {
        let byte = row[i / per_byte];
        byte >> (8 - usize::from(bits) - (i % per_byte) * usize::from(bits)) & mask
    };
    let count = row.len() * per_byte;
    if channels == 4 {
        for (i, pixel) in out.as_chunks_mut::<4>().0.iter_mut().take(count).enumerate() {
            let [r, g, b] = whole[usize::from(index(i))];
            *pixel = [r, g, b, 255];
        }
    } else {
        for (i, pixel) in out.as_chunks_mut::<3>().0.iter_mut().take(count).enumerate() {
            *pixel = whole[usize::from(index(i))];
        }
    }
}

/// Pixels of three bytes, blue first.
#[inline(never)]
pub fn blue_first(row: &[u8], channels: u8, out: &mut [u8]) {
    let row = row.as_chunks::<3>().0;
    if channels == 4 {
        out.as_chunks_mut().0.iter_mut().zip(row).for_each(|(out, &[b, g, r])| *out = [r, g, b, 255]);
    } else {
        out.as_chunks_mut().0.iter_mut().zip(row).for_each(|(out, &[b, g, r])| *out = [r, g, b]);
    }
}

/// Makes transparent the pixels of RGBA whose bit is set, the first in the highest bit.
#[inline(never)]
pub fn holes(mask: &[u8], out: &mut [u8]) {
    for (pixels, byte) in out.chunks_mut(32).zip(mask) {
        for (i, pixel) in pixels.as_chunks_mut::<4>().0.iter_mut().enumerate() {
            if byte << i & 0x80 != 0 {
                *pixel = [0; 4];
            }
        }
    }
}

/// One sample's place in a pixel.
#[derive(Clone, Copy)]
struct Field {
    shift: u32,
    bits: u32,
}

impl Field {
    /// Bits that are set between the mask's lowest and highest.
    fn new(mask: u32) -> Self {
        let shift = if mask == 0 { 0 } else { mask.trailing_zeros() };
        Self { shift, bits: 32 - (mask >> shift).leading_zeros() }
    }

    fn at(self, pixel: u32) -> u8 {
        match self.bits {
            0 => 0,
            8 => (pixel >> self.shift) as u8,
            bits => {
                let most = u64::MAX >> (64 - bits);
                let value = u64::from(pixel >> self.shift) & most;
                ((value * 255 + most / 2) / most) as u8
            }
        }
    }
}

/// Where red, green, blue and alpha stand in little-endian pixels of 16 or 32 bits.
pub struct Masks([Field; 4]);

impl Masks {
    /// The bits of each; no bits of alpha are full alpha.
    pub fn new(masks: [u32; 4]) -> Self {
        Self(masks.map(Field::new))
    }

    /// One row.
    #[inline(never)]
    pub fn row(&self, row: &[u8], bits: u8, channels: u8, out: &mut [u8]) {
        let places = self.0.map(|field| (field.shift, field.bits));
        if let ([(16, 8), (8, 8), (0, 8), _], 32, 3) = (places, bits, channels) {
            let row = row.as_chunks::<4>().0;
            out.as_chunks_mut().0.iter_mut().zip(row).for_each(|(out, &[b, g, r, _])| *out = [r, g, b]);
        } else if let ([(16, 8), (8, 8), (0, 8), (24, 8)], 32, 4) = (places, bits, channels) {
            let row = row.as_chunks::<4>().0;
            out.as_chunks_mut().0.iter_mut().zip(row).for_each(|(out, &[b, g, r, a])| *out = [r, g, b, a]);
        } else {
            let bytes = usize::from(bits / 8).max(1);
            for (out, stored) in out.chunks_exact_mut(channels.into()).zip(row.chunks_exact(bytes)) {
                let pixel = stored.iter().rev().fold(0, |pixel, byte| pixel << 8 | u32::from(*byte));
                out.iter_mut().zip(self.0).for_each(|(out, field)| *out = field.at(pixel));
                if self.0[3].bits == 0 && channels == 4 {
                    out[3] = 255;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_are_read_from_the_highest_bit() {
        let mut palette = vec![[0; 3]; 256];
        palette[1] = [1, 2, 3];
        palette[2] = [9, 8, 7];
        let mut out = [0; 9];
        of_indices(&[0b0110_0000], 2, &palette, 3, &mut out);
        assert_eq!(out, [1, 2, 3, 9, 8, 7, 0, 0, 0]);
        let mut out = [0; 8];
        of_indices(&[0b0100_0000], 1, &palette, 4, &mut out);
        assert_eq!(out, [0, 0, 0, 255, 1, 2, 3, 255]);
        of_indices(&[2, 1], 8, &palette, 4, &mut out);
        assert_eq!(out, [9, 8, 7, 255, 1, 2, 3, 255]);
    }

    #[test]
    fn few_bits_reach_from_black_to_white() {
        let masks = Masks::new([0x7c00, 0x03e0, 0x1f, 0]);
        let mut out = [0; 6];
        // green and blue are 16 of 31
        masks.row(&[0xff, 0x7f, 0x10, 0x02], 16, 3, &mut out);
        assert_eq!(out, [255, 255, 255, 0, 132, 132]);
    }

    #[test]
    fn masks_of_any_place_and_width_are_as_the_plain_way() {
        let pixels: Vec<u8> = (0..64).map(|i| (i * 37 % 251) as u8).collect();
        let (mut fast, mut slow) = ([0; 64], [0; 64]);
        Masks::new([0xff_0000, 0xff00, 0xff, 0xff00_0000]).row(&pixels, 32, 4, &mut fast);
        for (out, p) in slow.chunks_exact_mut(4).zip(pixels.chunks_exact(4)) {
            out.copy_from_slice(&[p[2], p[1], p[0], p[3]]);
        }
        assert_eq!(fast, slow);
        let mut wide = [0; 3];
        // 11, 11 and 10 bits
        Masks::new([0xffe0_0000, 0x1f_fc00, 0x3ff, 0]).row(&0xffe0_0200_u32.to_le_bytes(), 32, 3, &mut wide);
        assert_eq!(wide, [255, 0, 128]);
    }

    #[test]
    fn holes_are_where_bits_are_set() {
        let mut out = [7; 40];
        holes(&[0b1000_0001, 0b0100_0000], &mut out);
        let open: Vec<usize> = (0..10).filter(|i| out[i * 4 + 3] == 0).collect();
        assert_eq!(open, [0, 7, 9]);
    }
}
