//! BMPs and icons, written byte by byte: every coding there is of one picture.

/// A BMP: a header of `length` bytes, its height as stored, what follows the header (masks, palette), and the rows.
pub fn bmp(size: (i32, i32), bits: u16, compression: u32, length: u32, behind: &[u8], rows: &[u8]) -> Vec<u8> {
    let dib = dib(size, bits, compression, length, behind);
    let data = 14 + dib.len() as u32;
    let mut file = b"BM".to_vec();
    file.extend((data + rows.len() as u32).to_le_bytes());
    file.extend([0; 4]);
    file.extend(data.to_le_bytes());
    file.extend(dib);
    file.extend(rows);
    file
}

/// The same without the header of a file, and without rows.
pub fn dib((width, height): (i32, i32), bits: u16, compression: u32, length: u32, behind: &[u8]) -> Vec<u8> {
    let mut dib = length.to_le_bytes().to_vec();
    if length == 12 {
        dib.extend((width as u16).to_le_bytes());
        dib.extend((height as u16).to_le_bytes());
        dib.extend([1, 0]);
        dib.extend(bits.to_le_bytes());
    } else {
        dib.extend(width.to_le_bytes());
        dib.extend(height.to_le_bytes());
        dib.extend([1, 0]);
        dib.extend(bits.to_le_bytes());
        dib.extend(compression.to_le_bytes());
        dib.extend([0; 20]);
        dib.resize(40, 0);
        if length > 40 {
            // masks belong to the header
            dib.extend(behind);
            dib.resize(length as usize, 0);
            return dib;
        }
    }
    dib.extend(behind);
    dib
}

/// An icon or a cursor (`kind` 1 or 2) of such pictures.
pub fn ico(kind: u8, pictures: &[Vec<u8>]) -> Vec<u8> {
    let mut file = vec![0, 0, kind, 0, pictures.len() as u8, 0];
    let mut at = 6 + 16 * pictures.len();
    for picture in pictures {
        file.extend([0, 0, 0, 0, 1, 0, 32, 0]);
        file.extend((picture.len() as u32).to_le_bytes());
        file.extend((at as u32).to_le_bytes());
        at += picture.len();
    }
    pictures.iter().for_each(|picture| file.extend(picture));
    file
}

/// Four bytes for each mask, red first.
pub fn masks(masks: &[u32]) -> Vec<u8> {
    masks.iter().flat_map(|mask| mask.to_le_bytes()).collect()
}

/// Red, green, blue and white, as the palettes and pixels here number them.
pub const COLOURS: [[u8; 3]; 4] = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]];

/// The palette of these, of three or four bytes a colour.
pub fn palette(entry: usize, count: usize) -> Vec<u8> {
    let mut table = Vec::new();
    for [r, g, b] in COLOURS {
        table.extend(&[b, g, r, 0][..entry]);
    }
    table.resize(entry * count, 0);
    table
}

/// The picture of [`COLOURS`] in every coding: 4 × 2, red, green, blue, white above white, blue, green, red.
pub fn all() -> Vec<(&'static str, Vec<u8>)> {
    // rows from the bottom
    let two = [0b11_10_01_00, 0, 0, 0, 0b00_01_10_11, 0, 0, 0];
    let four = [0x32, 0x10, 0, 0, 0x01, 0x23, 0, 0];
    let eight = [3, 2, 1, 0, 0, 1, 2, 3];
    let from_top = [0, 1, 2, 3, 3, 2, 1, 0];
    let deep = |bytes: usize, alpha: u8| -> Vec<u8> {
        eight
            .iter()
            .flat_map(|&i| {
                let [r, g, b] = COLOURS[i as usize];
                [b, g, r, alpha][..bytes].to_vec()
            })
            .collect()
    };
    let words = |red: u16, green: u16, blue: u16, rest: u16| -> Vec<u8> {
        let word = |i: u8| [red, green, blue, red | green | blue][usize::from(i)] | rest;
        eight.iter().flat_map(|&i| word(i).to_le_bytes()).collect()
    };
    let standard = |bits, count, rows: &[u8]| bmp((4, 2), bits, 0, 40, &palette(4, count), rows);
    let rle8 = [0, 4, 3, 2, 1, 0, 0, 0, 1, 0, 1, 1, 1, 2, 1, 3, 0, 1];
    let rle4 = [0, 4, 0x32, 0x10, 0, 0, 2, 0x01, 2, 0x23, 0, 1];
    let rle24 = [[0, 3, 255, 255, 255, 255, 0, 0, 0, 255, 0, 0], [1, 0, 0, 255, 0, 0, 1, 0, 0, 255, 1, 0]].concat();
    let rle24 = [&rle24[..], &[255, 0, 1, 255, 0, 0, 1, 255, 255, 255, 0, 1]].concat();
    vec![
        ("2 bits", standard(2, 4, &two)),
        ("4 bits", standard(4, 16, &four)),
        ("8 bits", standard(8, 256, &eight)),
        ("8 bits from the top", bmp((4, -2), 8, 0, 40, &palette(4, 256), &from_top)),
        ("8 bits of OS/2", bmp((4, 2), 8, 0, 12, &palette(3, 256), &eight)),
        (
            "4 bits of OS/2 2",
            [
                &bmp((4, 2), 4, 0, 64, &[], &[])[..10],
                &[142, 0, 0, 0],
                &dib((4, 2), 4, 0, 64, &[])[..],
                &palette(4, 16),
                &four,
            ]
            .concat(),
        ),
        ("runs of 8 bits", bmp((4, 2), 8, 1, 40, &palette(4, 256), &rle8)),
        ("runs of 4 bits", bmp((4, 2), 4, 2, 40, &palette(4, 16), &rle4)),
        ("runs of 24 bits", bmp((4, 2), 24, 4, 64, &[], &rle24)),
        ("16 bits", bmp((4, 2), 16, 0, 40, &[], &words(0x7c00, 0x3e0, 0x1f, 0))),
        ("16 bits by masks", bmp((4, 2), 16, 3, 40, &masks(&[0xf800, 0x7e0, 0x1f]), &words(0xf800, 0x7e0, 0x1f, 0))),
        ("24 bits", bmp((4, 2), 24, 0, 40, &[], &deep(3, 0))),
        ("32 bits", bmp((4, 2), 32, 0, 40, &[], &deep(4, 0))),
        ("32 bits by masks", bmp((4, 2), 32, 3, 108, &masks(&[0xff_0000, 0xff00, 0xff, 0]), &deep(4, 9))),
        ("32 bits with alpha", bmp((4, 2), 32, 3, 124, &masks(&[0xff_0000, 0xff00, 0xff, 0xff00_0000]), &deep(4, 255))),
        (
            "16 bits with alpha",
            bmp((4, 2), 16, 3, 56, &masks(&[0xf00, 0xf0, 0xf, 0xf000]), &words(0xf00, 0xf0, 0xf, 0xf000)),
        ),
        ("without the header of a file", [dib((4, 2), 8, 0, 40, &palette(4, 256)), eight.to_vec()].concat()),
        (
            "an icon of 8 bits",
            ico(1, &[[dib((4, 4), 8, 0, 40, &palette(4, 256)), eight.to_vec(), vec![0; 8]].concat()]),
        ),
        ("a cursor of 32 bits", ico(2, &[[dib((4, 4), 32, 0, 40, &[]), deep(4, 255), vec![0; 8]].concat()])),
    ]
}
