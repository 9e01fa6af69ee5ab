//! Decoding at full size.

use deckle_jpeg::{Decoder, Error, Header, Options, Scale};

use crate::bytes::Bytes;
use crate::memory::peak;

/// Decodes at full size; luma is the same whatever chroma's scale is.
pub fn decode(data: &[u8]) {
    let Ok(header) = Header::parse(data) else { return };
    let options = Bytes::of_end(data, 8).options();
    let Options { limits, coarse, headroom, .. } = options;
    let plain = Options { limits, coarse, headroom, ..Options::default() };
    let (Ok(asked), Ok(plain)) = (planes(&header, Scale::Full, &options), planes(&header, Scale::Full, &plain)) else {
        return;
    };
    assert!(asked.samples[0] == plain.samples[0]);
}

/// Whole planes.
pub struct Planes {
    pub samples: Vec<Vec<u8>>,
    pub damaged: bool,
}

/// Decodes, and checks that memory and rows are what the header said.
pub fn planes(header: &Header<'_>, scale: Scale, options: &Options) -> Result<Planes, Error> {
    let sizes = deckle_jpeg::plane_sizes(header, scale, options);
    let promised = deckle_jpeg::decoder_memory(&header, scale, options);
    let (decoder, bytes) = peak(|| Decoder::new(header, scale, options));
    assert!(bytes <= promised, "{bytes} bytes, promised {promised}");
    assert!(decoder.is_err() || promised <= options.limits.memory);
    let mut decoder = decoder?;
    let mut samples = vec![Vec::new(); sizes.len()];
    let mut damaged = false;
    loop {
        let (rows, bytes) = peak(|| decoder.next_rows());
        assert_eq!(bytes, 0, "a row took {bytes} bytes");
        let Some(rows) = rows else { break };
        assert_eq!(rows.planes().len(), sizes.len());
        for ((part, whole), size) in rows.planes().iter().zip(&mut samples).zip(&sizes) {
            assert_eq!(part.width, size.width as usize);
            assert!(part.height == 0 || part.top * part.width == whole.len());
            part.lines().for_each(|line| whole.extend_from_slice(line));
        }
        assert!(!damaged || decoder.damage().is_some(), "damage does not heal");
        damaged = decoder.damage().is_some();
    }
    for (whole, size) in samples.iter().zip(&sizes) {
        assert_eq!(whole.len(), size.width as usize * size.height as usize);
    }
    Ok(Planes { samples, damaged: decoder.damage().is_some() })
}
