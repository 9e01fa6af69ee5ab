//! Entropy coding as T.81 has it, by fixed tables.

use super::writer::Pass;

#[derive(Default)]
pub struct BitWriter {
    bits: u64,
    count: u32,
}

impl BitWriter {
    pub fn put(&mut self, value: u32, count: u32, out: &mut Vec<u8>) {
        self.bits = self.bits << count | u64::from(value);
        self.count += count;
        while self.count >= 8 {
            self.count -= 8;
            let byte = (self.bits >> self.count) as u8;
            out.push(byte);
            if byte == 0xFF {
                out.push(0);
            }
        }
    }

    pub fn flush(&mut self, out: &mut Vec<u8>) {
        if self.count > 0 {
            let pad = 8 - self.count;
            self.put((1 << pad) - 1, pad, out);
        }
        *self = Self::default();
    }

    pub fn symbol(&mut self, table: &[u8], symbol: u8, out: &mut Vec<u8>) {
        let (mut code, mut at) = (0, 16);
        for length in 1..=16 {
            for _ in 0..table[length - 1] {
                if table[at] == symbol {
                    return self.put(code, length as u32, out);
                }
                code += 1;
                at += 1;
            }
            code <<= 1;
        }
        panic!("symbol {symbol:#x} has no code");
    }

    pub fn value(&mut self, value: i16, size: u32, out: &mut Vec<u8>) {
        let bits = if value < 0 { value - 1 } else { value };
        self.put(bits as u32 & ((1 << size) - 1), size, out);
    }

    pub fn dc(&mut self, value: i16, prediction: &mut i16, out: &mut Vec<u8>) {
        let difference = value - *prediction;
        *prediction = value;
        self.symbol(DC, size(difference) as u8, out);
        self.value(difference, size(difference), out);
    }

    pub fn block(&mut self, block: &[i16; 64], prediction: &mut i16, out: &mut Vec<u8>) {
        self.dc(block[0], prediction, out);
        let mut run = 0;
        for &value in &block[1..] {
            if value == 0 {
                run += 1;
                continue;
            }
            while run > 15 {
                self.symbol(AC, 0xF0, out);
                run -= 16;
            }
            self.symbol(AC, run << 4 | size(value) as u8, out);
            self.value(value, size(value), out);
            run = 0;
        }
        if run > 0 {
            self.symbol(AC, 0, out);
        }
    }
}

fn size(value: i16) -> u32 {
    16 - value.unsigned_abs().leading_zeros()
}

/// Blocks without further coefficients of a band, and the bits that refine those
/// they have (T.81, G.1.2.2 and G.1.2.3).
#[derive(Default)]
pub struct Run {
    blocks: u32,
    corrections: Vec<u32>,
}

impl Run {
    /// `first` and `refine` write symbols of the flat table: codes are symbols.
    pub fn first(&mut self, block: &[i16; 64], pass: &Pass, bits: &mut BitWriter, out: &mut Vec<u8>) {
        let mut zeros = 0;
        for &value in &block[pass.band.0..=pass.band.1] {
            let value = (value.abs() >> pass.low) * value.signum();
            if value == 0 {
                zeros += 1;
                continue;
            }
            self.end(bits, out);
            while zeros > 15 {
                bits.put(0xF0, 8, out);
                zeros -= 16;
            }
            bits.put(zeros << 4 | size(value), 8, out);
            bits.value(value, size(value), out);
            zeros = 0;
        }
        self.skip(zeros > 0, bits, out);
    }

    pub fn refine(&mut self, block: &[i16; 64], pass: &Pass, bits: &mut BitWriter, out: &mut Vec<u8>) {
        let shown = |value: i16| u32::from(value.unsigned_abs() >> pass.low);
        let (first, end) = (pass.band.0, pass.band.1 + 1);
        let last = (first..end).rev().find(|&k| shown(block[k]) == 1).unwrap_or(0);
        let mut corrections = Vec::new();
        let mut zeros = 0;
        for (k, &value) in block.iter().enumerate().take(end).skip(first) {
            if shown(value) == 0 {
                zeros += 1;
                continue;
            }
            while zeros > 15 && k <= last {
                self.end(bits, out);
                bits.put(0xF0, 8, out);
                zeros -= 16;
                corrections.drain(..).for_each(|bit| bits.put(bit, 1, out));
            }
            if shown(value) > 1 {
                corrections.push(shown(value) & 1);
                continue;
            }
            self.end(bits, out);
            bits.put(zeros << 4 | 1, 8, out);
            bits.put(u32::from(value > 0), 1, out);
            corrections.drain(..).for_each(|bit| bits.put(bit, 1, out));
            zeros = 0;
        }
        let rest = zeros > 0 || !corrections.is_empty();
        self.corrections.append(&mut corrections);
        self.skip(rest, bits, out);
    }

    pub fn skip(&mut self, rest: bool, bits: &mut BitWriter, out: &mut Vec<u8>) {
        self.blocks += u32::from(rest);
        if self.blocks == 0x7FFF {
            self.end(bits, out);
        }
    }

    pub fn end(&mut self, bits: &mut BitWriter, out: &mut Vec<u8>) {
        if let Some(length) = self.blocks.checked_ilog2() {
            bits.put(length << 4, 8, out);
            bits.put(self.blocks & ((1 << length) - 1), length, out);
        }
        self.blocks = 0;
        self.corrections.drain(..).for_each(|bit| bits.put(bit, 1, out));
    }
}

/// A table whose codes are 8 bits long and the symbols themselves; `FF` has none.
pub fn flat() -> Vec<u8> {
    let mut table = vec![0; 16];
    table[7] = 255;
    table.extend(0..255);
    table
}

pub const DC: &[u8] = &[0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
pub const AC: &[u8] = &[
    0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7D, 0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31,
    0x41, 0x06, 0x13, 0x51, 0x61, 0x07, 0x22, 0x71, 0x14, 0x32, 0x81, 0x91, 0xA1, 0x08, 0x23, 0x42, 0xB1, 0xC1, 0x15,
    0x52, 0xD1, 0xF0, 0x24, 0x33, 0x62, 0x72, 0x82, 0x09, 0x0A, 0x16, 0x17, 0x18, 0x19, 0x1A, 0x25, 0x26, 0x27, 0x28,
    0x29, 0x2A, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3A, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4A, 0x53, 0x54,
    0x55, 0x56, 0x57, 0x58, 0x59, 0x5A, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x73, 0x74, 0x75, 0x76, 0x77,
    0x78, 0x79, 0x7A, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99,
    0x9A, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6, 0xB7, 0xB8, 0xB9, 0xBA,
    0xC2, 0xC3, 0xC4, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6, 0xD7, 0xD8, 0xD9, 0xDA, 0xE1,
    0xE2, 0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEA, 0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA,
];
