//! Colours as written: hex digits or a name.

use std::fmt;

/// A straight-alpha sRGB colour, 8 bits a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Colour {
    /// Red.
    pub r: u8,
    /// Green.
    pub g: u8,
    /// Blue.
    pub b: u8,
    /// 0 is transparent, 255 opaque.
    pub a: u8,
}

impl Colour {
    /// Opaque white.
    pub const WHITE: Self = Self { r: 255, g: 255, b: 255, a: 255 };
    /// Fully transparent black.
    pub const TRANSPARENT: Self = Self { r: 0, g: 0, b: 0, a: 0 };

    /// Reads `rgb`, `rgba`, `rrggbb` or `rrggbbaa`, with or without a leading `#`.
    pub fn from_hex(text: &str) -> Option<Self> {
        let hex = text.strip_prefix('#').unwrap_or(text);
        if !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let digits: Vec<u8> = hex.chars().filter_map(|c| c.to_digit(16)).map(|d| d as u8).collect();
        match *digits.as_slice() {
            [r, g, b] => Some(Self { r: r * 17, g: g * 17, b: b * 17, a: 255 }),
            [r, g, b, a] => Some(Self { r: r * 17, g: g * 17, b: b * 17, a: a * 17 }),
            [r, r2, g, g2, b, b2] => Some(Self { r: r * 16 + r2, g: g * 16 + g2, b: b * 16 + b2, a: 255 }),
            [r, r2, g, g2, b, b2, a, a2] => {
                Some(Self { r: r * 16 + r2, g: g * 16 + g2, b: b * 16 + b2, a: a * 16 + a2 })
            }
            _ => None,
        }
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02x}{:02x}{:02x}", self.r, self.g, self.b)?;
        if self.a != 255 {
            write!(f, "{:02x}", self.a)?;
        }
        Ok(())
    }
}
