//! A writer of JPEG files that says exactly what stands in them, for what
//! encoders do not write: scans of single components, any progressive script,
//! DNL, missing tables.

use super::bits::{AC, BitWriter, DC, Run, flat};
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
