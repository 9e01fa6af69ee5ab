//! EXIF in a WebP file, which needs the extended container (RFC 9649, section 2.7).

/// The most bytes that [`embed`] adds.
pub(crate) fn room(exif: Option<&[u8]>) -> usize {
    exif.map_or(0, |exif| 18 + 8 + exif.len() + 1)
}

/// Adds an EXIF chunk to a file of one lossy image of `width` × `height`. Files with alpha are extended already; others become so.
pub(crate) fn embed(file: &mut Vec<u8>, exif: &[u8], (width, height): (u32, u32)) {
    const EXIF: u8 = 0x08;
    if let Some([b'V', b'P', b'8', b'X', _, _, _, _, flags]) = file.get_mut(12..21) {
        *flags |= EXIF;
    } else {
        let mut chunk = *b"VP8X\x0a\0\0\0\0\0\0\0\0\0\0\0\0\0";
        chunk[8] = EXIF;
        chunk[12..15].copy_from_slice(&(width - 1).to_le_bytes()[..3]);
        chunk[15..].copy_from_slice(&(height - 1).to_le_bytes()[..3]);
        file.splice(12..12, chunk);
    }
    file.extend(b"EXIF");
    file.extend((exif.len() as u32).to_le_bytes());
    file.extend(exif);
    file.extend(std::iter::repeat_n(0, exif.len() % 2));
    let size = file.len() as u32 - 8;
    file[4..8].copy_from_slice(&size.to_le_bytes());
}
