//! Headers: parsing, and every question that one answers.

use deckle_jpeg::{Header, Scale};

use crate::bytes::Bytes;
use crate::memory::peak;

/// Parses, and asks for all that a header tells.
pub fn header(data: &[u8]) {
    let (header, bytes) = peak(|| Header::parse(data));
    assert!(bytes < 400_000, "parsing took {bytes} bytes");
    let header = match header {
        Ok(header) => header,
        Err(error) => {
            assert!(error.code().starts_with("jpeg_"));
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    assert!(header.width > 0 && header.height > 0 && header.scan_count() > 0);
    assert!(matches!(header.components.len(), 1 | 3 | 4));
    let options = Bytes::of_end(data, 8).options();
    for scale in Scale::ALL {
        let planes = deckle_jpeg::plane_sizes(&header, scale, &options);
        assert_eq!(planes.len(), header.components.len());
        assert!(planes.iter().all(|plane| plane.width > 0 && plane.height > 0));
        assert!(deckle_jpeg::decoder_memory(&header, scale, &options) > 0);
    }
    assert_eq!(header.scaled_size(Scale::Full), (header.width, header.height));
    let profile = header.icc_profile();
    assert!(profile.is_none() || header.has_icc_profile());
    assert!(profile.map_or(0, |profile| profile.len()) + header.exif().map_or(0, <[u8]>::len) <= data.len());
}
