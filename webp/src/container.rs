//! EXIF and uncompressed alpha in a WebP file, which need the extended container (RFC 9649, section 2.7).

/// The most bytes that [`embed`] adds.
pub(crate) fn room(exif: Option<&[u8]>) -> usize {
    exif.map_or(0, |exif| 18 + 8 + exif.len() + 1)
}

const EXIF: u8 = 0x08;
const ALPHA: u8 = 0x10;

/// The chunk of an extended file.
fn extended(flags: u8, (width, height): (u32, u32)) -> [u8; 18] {
    let mut chunk = *b"VP8X\x0a\0\0\0\0\0\0\0\0\0\0\0\0\0";
    chunk[8] = flags;
    chunk[12..15].copy_from_slice(&(width - 1).to_le_bytes()[..3]);
    chunk[15..].copy_from_slice(&(height - 1).to_le_bytes()[..3]);
    chunk
}

/// Bytes that [`embed_alpha`] adds for so many pixels.
pub(crate) fn alpha_bytes(pixels: usize) -> usize {
    18 + 8 + (1 + pixels).next_multiple_of(2)
}

/// Adds an uncompressed alpha plane to a file of one opaque lossy image of `width` × `height`.
pub(crate) fn embed_alpha(file: &mut Vec<u8>, alpha: &[u8], size: (u32, u32)) {
    let (old, added) = (file.len(), alpha_bytes(alpha.len()));
    file.resize(old + added, 0);
    file.copy_within(12..old, 12 + added);
    let (head, plane) = file[12..12 + added].split_at_mut(18 + 8 + 1);
    head[..18].copy_from_slice(&extended(ALPHA, size));
    head[18..22].copy_from_slice(b"ALPH");
    head[22..26].copy_from_slice(&(alpha.len() as u32 + 1).to_le_bytes());
    // neither compressed nor filtered
    head[26] = 0;
    plane[..alpha.len()].copy_from_slice(alpha);
    plane[alpha.len()..].fill(0);
    set_length(file);
}

fn set_length(file: &mut [u8]) {
    let size = file.len() as u32 - 8;
    file[4..8].copy_from_slice(&size.to_le_bytes());
}

/// Adds an EXIF chunk to a file of one lossy image of `width` × `height`. Files with alpha are extended already; others become so.
pub(crate) fn embed(file: &mut Vec<u8>, exif: &[u8], size: (u32, u32)) {
    if let Some([b'V', b'P', b'8', b'X', _, _, _, _, flags]) = file.get_mut(12..21) {
        *flags |= EXIF;
    } else {
        file.splice(12..12, extended(EXIF, size));
    }
    file.extend(b"EXIF");
    file.extend((exif.len() as u32).to_le_bytes());
    file.extend(exif);
    file.extend(std::iter::repeat_n(0, exif.len() % 2));
    set_length(file);
}
