//! An ICC profile's bytes, read where they stand: tags, numbers and curves.
//!
//! Source: ICC.1:2022, clauses 4 (numbers), 7 (header, tags) and 10 (`XYZ`, `curv`, `para`).

/// A profile, or a part of one up to the profile's end.
#[derive(Clone, Copy)]
pub struct Icc<'a>(pub &'a [u8]);

impl<'a> Icc<'a> {
    pub fn bytes<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        self.0.get(at..)?.first_chunk().copied()
    }

    pub fn from(&self, at: usize) -> Option<Self> {
        self.0.get(at..).map(Self)
    }

    pub fn u32(&self, at: usize) -> Option<usize> {
        usize::try_from(u32::from_be_bytes(self.bytes(at)?)).ok()
    }

    /// The data of a tag, to the end of the profile.
    pub fn tag(&self, name: &[u8; 4]) -> Option<Self> {
        let count = self.u32(128)?.min(200);
        let entry = (0..count).map(|i| 132 + 12 * i).find(|&at| self.bytes(at) == Some(*name))?;
        self.from(self.u32(entry + 4)?)
    }

    /// What the profile is called: an ASCII or Unicode description (clauses 10.15 and the `desc` of version 2).
    pub fn description(&self) -> Option<String> {
        let tag = self.tag(b"desc")?;
        let text = match &tag.bytes::<4>(0)? {
            b"desc" => {
                let ascii = tag.from(12)?.0.get(..tag.u32(8)?)?;
                ascii.iter().take_while(|byte| **byte != 0).map(|&byte| char::from(byte)).collect()
            }
            b"mluc" => {
                let text = tag.from(tag.u32(24)?)?.0.get(..tag.u32(20)?)?;
                String::from_utf16_lossy(
                    &text.as_chunks().0.iter().map(|&pair| u16::from_be_bytes(pair)).collect::<Vec<_>>(),
                )
            }
            _ => return None,
        };
        let text: String = text.trim().chars().filter(|c| !c.is_control()).take(100).collect();
        (!text.is_empty()).then_some(text)
    }

    /// An s15Fixed16Number.
    pub fn fixed(&self, at: usize) -> Option<f64> {
        Some(f64::from(i32::from_be_bytes(self.bytes(at)?)) / 65_536.0)
    }

    pub fn xyz(&self) -> Option<[f64; 3]> {
        (self.bytes(0)? == *b"XYZ ").then_some([self.fixed(8)?, self.fixed(12)?, self.fixed(16)?])
    }
}

/// Samples of one or two bytes, 0 to 1.
#[derive(Clone, Copy)]
pub enum Samples<'a> {
    Bytes(&'a [u8]),
    Words(&'a [[u8; 2]]),
}

impl<'a> Samples<'a> {
    /// The first `count` samples of `width` bytes.
    pub fn new(data: &'a [u8], width: usize, count: usize) -> Option<Self> {
        let data = data.get(..count.checked_mul(width)?)?;
        match width {
            1 => Some(Self::Bytes(data)),
            2 => Some(Self::Words(data.as_chunks().0)),
            _ => None,
        }
    }

    /// A sample; 0 where there is none.
    pub fn at(&self, index: usize) -> f32 {
        match self {
            Self::Bytes(data) => data.get(index).map_or(0.0, |&v| f32::from(v) / 255.0),
            Self::Words(data) => data.get(index).map_or(0.0, |&v| f32::from(u16::from_be_bytes(v)) / 65_535.0),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Bytes(data) => data.len(),
            Self::Words(data) => data.len(),
        }
    }
}

/// A function of 0 to 1.
#[derive(Clone, Copy)]
pub enum Curve<'a> {
    /// At least two samples, evenly spaced.
    Sampled(Samples<'a>),
    /// (ax + b)^g + e from d on, cx + f below.
    Parametric { g: f32, a: f32, b: f32, c: f32, d: f32, e: f32, f: f32 },
}

impl<'a> Curve<'a> {
    pub const IDENTITY: Self = Self::power(1.0);

    const fn power(g: f32) -> Self {
        Self::Parametric { g, a: 1.0, b: 0.0, c: 0.0, d: f32::NEG_INFINITY, e: 0.0, f: 0.0 }
    }

    /// A `curv` or `para`, and its length in bytes.
    pub fn parse(data: Icc<'a>) -> Option<(Self, usize)> {
        match &data.bytes(0)? {
            b"curv" => {
                let count = data.u32(8)?;
                let curve = match count {
                    0 => Self::IDENTITY,
                    1 => Self::power(f32::from(u16::from_be_bytes(data.bytes(12)?)) / 256.0),
                    _ => Self::Sampled(Samples::new(data.from(12)?.0, 2, count)?),
                };
                Some((curve, 12 + 2 * count))
            }
            b"para" => {
                let kind = u16::from_be_bytes(data.bytes(8)?);
                let count = *[1, 3, 4, 5, 7].get(usize::from(kind))?;
                let mut v = [0.0; 7];
                for (i, v) in v.iter_mut().enumerate().take(count) {
                    *v = data.fixed(12 + 4 * i)? as f32;
                }
                let [g, a, b, c, d, e, f] = v;
                let curve = match kind {
                    0 => Self::power(g),
                    1 => Self::Parametric { g, a, b, c: 0.0, d: -b / a, e: 0.0, f: 0.0 },
                    2 => Self::Parametric { g, a, b, c: 0.0, d: -b / a, e: c, f: c },
                    3 => Self::Parametric { g, a, b, c, d, e: 0.0, f: 0.0 },
                    _ => Self::Parametric { g, a, b, c, d, e, f },
                };
                Some((curve, 12 + 4 * count))
            }
            _ => None,
        }
    }

    /// The value at `x`, between 0 and 1.
    pub fn at(&self, x: f32) -> f32 {
        let x = x.clamp(0.0, 1.0);
        let y = match *self {
            Self::Sampled(samples) => {
                let last = samples.len().saturating_sub(1);
                let at = x * last as f32;
                let first = (at as usize).min(last.saturating_sub(1));
                let (a, b) = (samples.at(first), samples.at(first + 1));
                a + (b - a) * (at - first as f32)
            }
            Self::Parametric { g: 1.0, a: 1.0, b: 0.0, d: f32::NEG_INFINITY, .. } => x,
            Self::Parametric { g, a, b, c, d, e, f } => {
                if x >= d {
                    (a * x + b).max(0.0).powf(g) + e
                } else {
                    c * x + f
                }
            }
        };
        // a number that is none becomes 0
        if y > 0.0 { y.min(1.0) } else { 0.0 }
    }
}
