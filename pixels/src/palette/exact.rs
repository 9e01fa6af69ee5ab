//! The colours of a picture that has few, found by hashing.

/// Slots, four times as many as there can be colours.
const SLOTS: usize = 1024;

/// Colours, each once, in the order in which they were met.
pub struct Exact {
    colours: Vec<[u8; 4]>,
    /// Of each slot, the number of its colour and one.
    slots: Vec<u16>,
}

impl Exact {
    /// The colours.
    pub fn colours(&self) -> &[[u8; 4]] {
        &self.colours
    }

    /// The number of a colour that is among them; 0 for another.
    pub fn index(&self, pixel: [u8; 4]) -> u8 {
        self.find(pixel).ok().unwrap_or(0)
    }

    fn find(&self, pixel: [u8; 4]) -> Result<u8, usize> {
        let mut slot = (u32::from_le_bytes(pixel).wrapping_mul(0x9E37_79B1) >> 22) as usize;
        loop {
            match self.slots[slot] {
                0 => return Err(slot),
                n if self.colours[usize::from(n) - 1] == pixel => return Ok((n - 1) as u8),
                _ => slot = (slot + 1) % SLOTS,
            }
        }
    }
}

/// The colours of RGBA pixels; `None` where there are more than `most`, which is 256 at most. All that is clear is one colour.
#[inline(never)]
pub fn exact(pixels: &[u8], most: usize) -> Option<Exact> {
    let most = most.min(super::MOST_COLOURS);
    let mut found = Exact { colours: Vec::with_capacity(most), slots: vec![0; SLOTS] };
    let mut last = None;
    for &pixel in pixels.as_chunks::<4>().0 {
        let pixel = if pixel[3] == 0 { [0; 4] } else { pixel };
        if last == Some(pixel) {
            continue;
        }
        last = Some(pixel);
        if let Err(slot) = found.find(pixel) {
            if found.colours.len() == most {
                return None;
            }
            found.colours.push(pixel);
            found.slots[slot] = found.colours.len() as u16;
        }
    }
    Some(found)
}
