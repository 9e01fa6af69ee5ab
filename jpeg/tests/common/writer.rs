//! A writer of JPEG files that says exactly what stands in them, for what
//! encoders do not write: scans of single components, any progressive script,
//! DNL, missing tables.

use super::random::Random;

/// A component's blocks, in zigzag order, for whole MCUs.
#[derive(Clone)]
pub struct Component {
    pub h: u8,
    pub v: u8,
    /// Blocks across, with those that only fill the last MCU.
    pub across: usize,
    pub blocks: Vec<[i16; 64]>,
}

/// A file to write.
#[derive(Clone)]
pub struct Writer {
    pub width: u16,
    pub height: u16,
    pub components: Vec<Component>,
    /// Steps 1 to 64 of the only table, zigzag.
    pub steps: [u16; 64],
    pub wide_steps: bool,
    pub restart: u16,
    /// Restart after each row of MCUs of a scan, whatever `restart` says.
    pub restart_rows: bool,
    pub huffman_segments: bool,
    pub height_by_dnl: bool,
    pub fill_bytes: bool,
    pub end: bool,
    /// Components of each scan.
    pub scans: Vec<Vec<usize>>,
    /// Scans of a progressive file; sequential if there are none.
    pub script: Vec<Pass>,
    pub before_frame: Vec<u8>,
}

/// A scan of a progressive file.
#[derive(Clone, Debug)]
pub struct Pass {
    pub components: Vec<usize>,
    /// First and last coefficient.
    pub band: (usize, usize),
    /// Bit position before (0 in a first scan) and now.
    pub high: u8,
    pub low: u8,
}

impl Writer {
    /// Random content.
    pub fn new(width: u16, height: u16, sampling: &[(u8, u8)], seed: u64) -> Self {
        let mut random = Random(seed);
        let max_h = sampling.iter().map(|s| s.0).max().unwrap();
        let max_v = sampling.iter().map(|s| s.1).max().unwrap();
        let mcus = |length: u16, max: u8| usize::from(length).div_ceil(8 * usize::from(max));
        let (across, down) = (mcus(width, max_h), mcus(height, max_v));
        let components = sampling
            .iter()
            .map(|&(h, v)| {
                let across = across * usize::from(h);
                let count = across * down * usize::from(v);
                let blocks = (0..count).map(|_| block(&mut random)).collect();
                Component { h, v, across, blocks }
            })
            .collect();
        Self {
            width,
            height,
            components,
            steps: core::array::from_fn(|k| 3 + k as u16 / 4),
            wide_steps: false,
            restart: 0,
            restart_rows: false,
            huffman_segments: true,
            height_by_dnl: false,
            fill_bytes: false,
            end: true,
            scans: vec![(0..sampling.len()).collect()],
            script: Vec::new(),
            before_frame: Vec::new(),
        }
    }

    pub fn write(&self) -> Vec<u8> {
        let mut out = vec![0xFF, 0xD8];
        out.extend(&self.before_frame);
        let mut table = vec![u8::from(self.wide_steps) << 4];
        for step in self.steps {
            match self.wide_steps {
                true => table.extend(step.to_be_bytes()),
                false => table.push(step as u8),
            }
        }
        segment(&mut out, 0xDB, &table);
        if self.huffman_segments {
            segment(&mut out, 0xC4, &[&[0x00], DC].concat());
            match self.script.is_empty() {
                true => segment(&mut out, 0xC4, &[&[0x10], AC].concat()),
                false => segment(&mut out, 0xC4, &[&[0x10], &flat()[..]].concat()),
            }
        }
        if self.fill_bytes {
            out.extend([0xFF; 5]);
        }
        let height = if self.height_by_dnl { 0 } else { self.height };
        let mut frame = vec![8];
        frame.extend(height.to_be_bytes());
        frame.extend(self.width.to_be_bytes());
        frame.push(self.components.len() as u8);
        for (i, c) in self.components.iter().enumerate() {
            frame.extend([i as u8 + 1, c.h << 4 | c.v, 0]);
        }
        segment(&mut out, if self.script.is_empty() { 0xC0 } else { 0xC2 }, &frame);
        segment(&mut out, 0xDD, &self.restart.to_be_bytes());
        for (i, pass) in self.passes().iter().enumerate() {
            let (order, across) = self.order(&pass.components);
            let restart = if self.restart_rows { across } else { self.restart.into() };
            if self.restart_rows {
                segment(&mut out, 0xDD, &(restart as u16).to_be_bytes());
            }
            let mut head = vec![pass.components.len() as u8];
            for &c in &pass.components {
                head.extend([c as u8 + 1, 0]);
            }
            head.extend([pass.band.0 as u8, pass.band.1 as u8, pass.high << 4 | pass.low]);
            segment(&mut out, 0xDA, &head);
            self.write_scan(pass, &order, restart, &mut out);
            if i == 0 && self.height_by_dnl {
                segment(&mut out, 0xDC, &self.height.to_be_bytes());
            }
        }
        if self.end {
            out.extend([0xFF, 0xD9]);
        }
        out
    }

    fn passes(&self) -> Vec<Pass> {
        let whole = |components: &Vec<usize>| Pass { components: components.clone(), band: (0, 63), high: 0, low: 0 };
        if self.script.is_empty() { self.scans.iter().map(whole).collect() } else { self.script.clone() }
    }

    fn write_scan(&self, pass: &Pass, order: &[Vec<(usize, usize)>], restart: usize, out: &mut Vec<u8>) {
        let mut bits = BitWriter::default();
        let mut predictions = [0i16; 4];
        let mut run = Run::default();
        for (mcu, blocks) in order.iter().enumerate() {
            if restart > 0 && mcu > 0 && mcu % restart == 0 {
                run.end(&mut bits, out);
                bits.flush(out);
                let number = (mcu / restart - 1) % 8;
                if self.fill_bytes {
                    out.push(0xFF);
                }
                out.extend([0xFF, 0xD0 + number as u8]);
                predictions = [0; 4];
            }
            for &(c, at) in blocks {
                let block = &self.components[c].blocks[at];
                match (self.script.is_empty(), pass.band.0, pass.high) {
                    (true, ..) => bits.block(block, &mut predictions[c], out),
                    (_, 0, 0) => bits.dc(block[0] >> pass.low, &mut predictions[c], out),
                    (_, 0, _) => bits.put((block[0] >> pass.low) as u32 & 1, 1, out),
                    (_, _, 0) => run.first(block, pass, &mut bits, out),
                    _ => run.refine(block, pass, &mut bits, out),
                }
            }
        }
        run.end(&mut bits, out);
        bits.flush(out);
    }

    /// Blocks of each MCU: component and index. How many MCUs are in a row.
    fn order(&self, scan: &[usize]) -> (Vec<Vec<(usize, usize)>>, usize) {
        let max_h = self.components.iter().map(|c| c.h).max().unwrap();
        let max_v = self.components.iter().map(|c| c.v).max().unwrap();
        let samples =
            |length: u16, factor: u8, max: u8| (usize::from(length) * usize::from(factor)).div_ceil(usize::from(max));
        if let &[only] = scan {
            let c = &self.components[only];
            let across = samples(self.width, c.h, max_h).div_ceil(8);
            let down = samples(self.height, c.v, max_v).div_ceil(8);
            let block = |y, x| vec![(only, y * c.across + x)];
            return ((0..down).flat_map(|y| (0..across).map(move |x| block(y, x))).collect(), across);
        }
        let across = usize::from(self.width).div_ceil(8 * usize::from(max_h));
        let down = usize::from(self.height).div_ceil(8 * usize::from(max_v));
        let mut order = Vec::new();
        for (row, column) in (0..down).flat_map(|y| (0..across).map(move |x| (y, x))) {
            let mut mcu = Vec::new();
            for &i in scan {
                let c = &self.components[i];
                let (h, v) = (usize::from(c.h), usize::from(c.v));
                for (y, x) in (0..v).flat_map(|y| (0..h).map(move |x| (y, x))) {
                    mcu.push((i, (row * v + y) * c.across + column * h + x));
                }
            }
            order.push(mcu);
        }
        (order, across)
    }
}

fn block(random: &mut Random) -> [i16; 64] {
    let mut block = [0; 64];
    block[0] = random.below(500) as i16 - 250;
    let mut k = 0;
    loop {
        k += 1 + random.below(4) as usize * random.below(9) as usize;
        if k > 63 || random.below(12) == 0 {
            return block;
        }
        let range = if random.below(20) == 0 { 700 } else { 16 };
        block[k] = random.below(range) as i16 - range as i16 / 2;
    }
}

fn segment(out: &mut Vec<u8>, marker: u8, content: &[u8]) {
    out.extend([0xFF, marker]);
    out.extend((content.len() as u16 + 2).to_be_bytes());
    out.extend(content);
}

#[derive(Default)]
struct BitWriter {
    bits: u64,
    count: u32,
}

impl BitWriter {
    fn put(&mut self, value: u32, count: u32, out: &mut Vec<u8>) {
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

    fn flush(&mut self, out: &mut Vec<u8>) {
        if self.count > 0 {
            let pad = 8 - self.count;
            self.put((1 << pad) - 1, pad, out);
        }
        *self = Self::default();
    }

    fn symbol(&mut self, table: &[u8], symbol: u8, out: &mut Vec<u8>) {
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

    fn value(&mut self, value: i16, size: u32, out: &mut Vec<u8>) {
        let bits = if value < 0 { value - 1 } else { value };
        self.put(bits as u32 & ((1 << size) - 1), size, out);
    }

    fn dc(&mut self, value: i16, prediction: &mut i16, out: &mut Vec<u8>) {
        let difference = value - *prediction;
        *prediction = value;
        self.symbol(DC, size(difference) as u8, out);
        self.value(difference, size(difference), out);
    }

    fn block(&mut self, block: &[i16; 64], prediction: &mut i16, out: &mut Vec<u8>) {
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
struct Run {
    blocks: u32,
    corrections: Vec<u32>,
}

impl Run {
    /// `first` and `refine` write symbols of the flat table: codes are symbols.
    fn first(&mut self, block: &[i16; 64], pass: &Pass, bits: &mut BitWriter, out: &mut Vec<u8>) {
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

    fn refine(&mut self, block: &[i16; 64], pass: &Pass, bits: &mut BitWriter, out: &mut Vec<u8>) {
        let shown = |k: usize| u32::from(block[k].unsigned_abs() >> pass.low);
        let last = (pass.band.0..=pass.band.1).rev().find(|&k| shown(k) == 1).unwrap_or(0);
        let mut corrections = Vec::new();
        let mut zeros = 0;
        for k in pass.band.0..=pass.band.1 {
            if shown(k) == 0 {
                zeros += 1;
                continue;
            }
            while zeros > 15 && k <= last {
                self.end(bits, out);
                bits.put(0xF0, 8, out);
                zeros -= 16;
                corrections.drain(..).for_each(|bit| bits.put(bit, 1, out));
            }
            if shown(k) > 1 {
                corrections.push(shown(k) & 1);
                continue;
            }
            self.end(bits, out);
            bits.put(zeros << 4 | 1, 8, out);
            bits.put(u32::from(block[k] > 0), 1, out);
            corrections.drain(..).for_each(|bit| bits.put(bit, 1, out));
            zeros = 0;
        }
        let rest = zeros > 0 || !corrections.is_empty();
        self.corrections.append(&mut corrections);
        self.skip(rest, bits, out);
    }

    fn skip(&mut self, rest: bool, bits: &mut BitWriter, out: &mut Vec<u8>) {
        self.blocks += u32::from(rest);
        if self.blocks == 0x7FFF {
            self.end(bits, out);
        }
    }

    fn end(&mut self, bits: &mut BitWriter, out: &mut Vec<u8>) {
        if let Some(length) = self.blocks.checked_ilog2() {
            bits.put(length << 4, 8, out);
            bits.put(self.blocks & ((1 << length) - 1), length, out);
        }
        self.blocks = 0;
        self.corrections.drain(..).for_each(|bit| bits.put(bit, 1, out));
    }
}

/// A table whose codes are 8 bits long and the symbols themselves; `FF` has none.
fn flat() -> Vec<u8> {
    let mut table = vec![0; 16];
    table[7] = 255;
    table.extend(0..255);
    table
}

const DC: &[u8] = &[0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const AC: &[u8] = &[
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
