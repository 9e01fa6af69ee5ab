//! The blocks of a GIF (GIF89a, appendix B): which frames there are, where they lie and where their data are.

use crate::image::Size;

/// The logical screen.
pub struct Screen<'a> {
    pub size: Size,
    /// The global colour table, RGB; empty if there is none.
    pub palette: &'a [u8],
}

/// A frame, its data not yet unpacked.
pub struct Frame<'a> {
    /// Of its left edge on the screen.
    pub x: u32,
    /// Of its top edge on the screen.
    pub y: u32,
    pub size: Size,
    pub is_interlaced: bool,
    /// The index that leaves what showed before.
    pub transparent: Option<u8>,
    /// The disposal method: 2 clears the frame's place, 3 restores what was there before it.
    pub disposal: u8,
    /// In hundredths of a second.
    pub delay: u16,
    /// The frame's own colour table, RGB; empty if it uses the global one.
    pub palette: &'a [u8],
    /// Bits of the first codes.
    pub code_size: u8,
    /// The chain of sub-blocks, perhaps cut off.
    pub data: &'a [u8],
}

/// The frames of a file in order. Ends at the trailer, at the end of the bytes or at a block that is no GIF's.
pub struct Frames<'a>(&'a [u8]);

/// Reads the screen descriptor; `None` when it is cut off.
pub fn read(bytes: &[u8]) -> Option<(Screen<'_>, Frames<'_>)> {
    let (&[_, _, _, _, _, _, w0, w1, h0, h1, flags, _, _], rest) = bytes.split_first_chunk::<13>()?;
    let (palette, rest) = rest.split_at_checked(palette_bytes(flags))?;
    Some((Screen { size: size([w0, w1, h0, h1]), palette }, Frames(rest)))
}

fn size([w0, w1, h0, h1]: [u8; 4]) -> Size {
    Size { width: u16::from_le_bytes([w0, w1]).into(), height: u16::from_le_bytes([h0, h1]).into() }
}

/// Bytes of the colour table that these flags announce.
fn palette_bytes(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// What follows a chain of sub-blocks; nothing where it is cut off.
fn skip(mut blocks: &[u8]) -> &[u8] {
    while let Some((&length, rest)) = blocks.split_first() {
        blocks = rest.get(usize::from(length)..).unwrap_or_default();
        if length == 0 {
            break;
        }
    }
    blocks
}

/// How often a file plays, by the first extension of Netscape's that says so (0 is for ever); once where none does.
pub fn plays(bytes: &[u8]) -> u32 {
    let Some((_, Frames(mut rest))) = read(bytes) else { return 1 };
    loop {
        match *rest {
            [0x21, 0xff, 11, ref block @ ..] => {
                if let Some(&[3, 1, low, high]) = block.get(11..15) {
                    let name = &block[..11];
                    if name == b"NETSCAPE2.0" || name == b"ANIMEXTS1.0" {
                        let again = u32::from(u16::from_le_bytes([low, high]));
                        return if again == 0 { 0 } else { again + 1 };
                    }
                }
                rest = skip(&rest[2..]);
            }
            [0x21, _, ref block @ ..] => rest = skip(block),
            // it stands before the first frame
            _ => return 1,
        }
    }
}

impl<'a> Iterator for Frames<'a> {
    type Item = Frame<'a>;

    fn next(&mut self) -> Option<Frame<'a>> {
        let (mut transparent, mut disposal, mut delay) = (None, 0, 0);
        loop {
            match *self.0 {
                [0x21, 0xf9, 4, flags, d0, d1, index, ref rest @ ..] => {
                    transparent = (flags & 1 == 1).then_some(index);
                    disposal = flags >> 2 & 7;
                    delay = u16::from_le_bytes([d0, d1]);
                    self.0 = skip(rest);
                }
                [0x21, _, ref rest @ ..] => self.0 = skip(rest),
                [0x2c, x0, x1, y0, y1, w0, w1, h0, h1, flags, ref rest @ ..] => {
                    let number = |bytes| u32::from(u16::from_le_bytes(bytes));
                    let (palette, rest) = rest.split_at_checked(palette_bytes(flags)).unwrap_or_default();
                    let (&code_size, data) = rest.split_first().unwrap_or((&0, &[]));
                    self.0 = skip(data);
                    return Some(Frame {
                        x: number([x0, x1]),
                        y: number([y0, y1]),
                        size: size([w0, w1, h0, h1]),
                        is_interlaced: flags & 0x40 != 0,
                        transparent,
                        disposal,
                        delay,
                        palette,
                        code_size,
                        data,
                    });
                }
                _ => return None,
            }
        }
    }
}
