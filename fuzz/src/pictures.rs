//! Small BMPs, icons and TIFFs of several kinds, written here: seeds of formats of which there is no fixture.

/// Width and height of all of them.
const SIDE: u16 = 9;

/// Each with a name.
pub fn pictures() -> Vec<(&'static str, Vec<u8>)> {
    let rgb: Vec<u8> = (0..usize::from(SIDE * SIDE) * 3).map(|i| (i * 37 % 256) as u8).collect();
    let stored = deflate_stored(&rgb);
    let runs = packed_bits(&rgb);
    vec![
        ("24-bits.bmp", bmp(24, 0, &rows(&rgb, 27, 28))),
        ("32-bits.bmp", bmp(32, 0, &rows(&rgb.repeat(2), 36, 36))),
        ("palette.bmp", bmp(8, 0, &rows(&rgb, 9, 12))),
        ("one-bit.bmp", bmp(1, 0, &rows(&rgb, 2, 4))),
        // a run, three pixels as they are, the end of the row, a move, the end
        ("runs.bmp", bmp(8, 1, &[9, 1, 0, 0, 0, 3, 1, 2, 3, 0, 0, 0, 0, 2, 4, 1, 5, 7, 0, 1])),
        ("runs-of-4-bits.bmp", bmp(4, 2, &[9, 0x12, 0, 0, 0, 5, 0x12, 0x34, 0x50, 0, 0, 2, 1, 1, 3, 0x77, 0, 1])),
        ("icon.ico", icon(&rows(&rgb.repeat(2), 36, 36))),
        ("plain.tif", tiff(1, 2, &[8, 8, 8], &rgb)),
        ("packbits.tif", tiff(32_773, 2, &[8, 8, 8], &runs)),
        ("deflate.tif", tiff(8, 2, &[8, 8, 8], &stored)),
        // clear, four bytes, the end: codes of 9 bits
        ("lzw.tif", tiff(5, 1, &[8], &[0x80, 0x00, 0x40, 0x40, 0x30, 0x24, 0x04])),
        ("fax.tif", tiff(4, 0, &[1], &[0x26, 0xA0, 0x98, 0x55, 0x80, 0x10, 0x01])),
        ("bits.tif", tiff(1, 1, &[1], &rows(&rgb, 2, 2))),
        ("inks.tif", tiff(1, 5, &[8; 4], &rgb.repeat(2))),
    ]
}

/// Rows of so many bytes, filled up to so many.
fn rows(bytes: &[u8], length: usize, stride: usize) -> Vec<u8> {
    let row = |row: &[u8]| row.iter().copied().chain(std::iter::repeat_n(0, stride - length)).collect::<Vec<u8>>();
    bytes.chunks_exact(length).take(SIDE.into()).flat_map(row).collect()
}

fn info_header(height: u32, bits: u16, coding: u32) -> Vec<u8> {
    let mut header = 40_u32.to_le_bytes().to_vec();
    header.extend(u32::from(SIDE).to_le_bytes());
    header.extend(height.to_le_bytes());
    header.extend([1, 0]);
    header.extend(bits.to_le_bytes());
    header.extend(coding.to_le_bytes());
    header.extend([0; 20]);
    header
}

fn bmp(bits: u16, coding: u32, data: &[u8]) -> Vec<u8> {
    let palette: Vec<u8> =
        if bits <= 8 { (0..4_u32 << bits).map(|i| (i * 11 % 251) as u8).collect() } else { Vec::new() };
    let start = 54 + palette.len() as u32;
    let mut file = b"BM".to_vec();
    file.extend((start + data.len() as u32).to_le_bytes());
    file.extend([0; 4]);
    file.extend(start.to_le_bytes());
    file.extend(info_header(SIDE.into(), bits, coding));
    [file, palette, data.to_vec()].concat()
}

/// One picture of 32 bits, with a mask.
fn icon(data: &[u8]) -> Vec<u8> {
    let picture = [info_header(u32::from(SIDE) * 2, 32, 0), data.to_vec(), vec![0x55; usize::from(SIDE) * 4]].concat();
    let mut file = vec![0, 0, 1, 0, 1, 0, SIDE as u8, SIDE as u8, 0, 0, 1, 0, 32, 0];
    file.extend((picture.len() as u32).to_le_bytes());
    file.extend(22_u32.to_le_bytes());
    [file, picture].concat()
}

/// One strip, little-endian.
fn tiff(coding: u16, meaning: u16, bits: &[u16], strip: &[u8]) -> Vec<u8> {
    let entries: [(u16, u16, u32, u32); 9] = [
        (256, 3, 1, SIDE.into()),
        (257, 3, 1, SIDE.into()),
        // one number stands where several are pointed to
        (258, 3, bits.len() as u32, if bits.len() == 1 { bits[0].into() } else { 8 }),
        (259, 3, 1, coding.into()),
        (262, 3, 1, meaning.into()),
        (273, 4, 1, 16),
        (277, 3, 1, bits.len() as u32),
        (278, 3, 1, SIDE.into()),
        (279, 4, 1, strip.len() as u32),
    ];
    let mut file = b"II\x2a\0".to_vec();
    file.extend((16 + strip.len() as u32).to_le_bytes());
    bits.iter().for_each(|bits| file.extend(bits.to_le_bytes()));
    file.resize(16, 0);
    file.extend(strip);
    file.extend((entries.len() as u16).to_le_bytes());
    for (tag, kind, count, value) in entries {
        file.extend(tag.to_le_bytes());
        file.extend(kind.to_le_bytes());
        file.extend(count.to_le_bytes());
        file.extend(value.to_le_bytes());
    }
    file.extend([0; 4]);
    file
}

/// A zlib stream of one block that is stored; its checksum is not looked at.
fn deflate_stored(bytes: &[u8]) -> Vec<u8> {
    let length = bytes.len() as u16;
    [&[0x78, 1, 1][..], &length.to_le_bytes(), &(!length).to_le_bytes(), bytes, &[0; 4]].concat()
}

fn packed_bits(bytes: &[u8]) -> Vec<u8> {
    bytes.chunks(50).flat_map(|part| [&[part.len() as u8 - 1], part].concat()).chain([0xFB, 9]).collect()
}
