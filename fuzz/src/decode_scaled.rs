//! Decoding at every scale, with limits of every size.

use deckle_jpeg::{Error, Header};

use crate::bytes::Bytes;
use crate::decode::planes;

/// Decodes at a scale, chroma at one of its own, within a limit that may be too low.
pub fn decode_scaled(data: &[u8]) {
    let Ok(header) = Header::parse(data) else { return };
    let mut bytes = Bytes::of_end(data, 8);
    let mut options = bytes.options();
    let scale = bytes.scale();
    if let Some(memory) = bytes.maybe(|bytes| usize::from(bytes.u16())) {
        options.limits.memory = memory * 4;
    }
    let needed = deckle_jpeg::decoder_memory(&header, scale, &options);
    match planes(&header, scale, &options) {
        Ok(_) => assert!(needed <= options.limits.memory),
        Err(Error::TooMuchMemory { bytes, limit }) => {
            assert!(bytes == needed && limit == options.limits.memory && needed > limit);
        }
        Err(_) => {}
    }
}
