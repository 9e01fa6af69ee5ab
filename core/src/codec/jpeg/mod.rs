//! JPEG (ISO/IEC 10918-1): header and planes by `deckle_jpeg`, bytes by `jpeg-encoder`.
//!
//! The seam for another engine is these three functions: [`header`], [`decode`], [`encode`].

mod encode;
mod pixels;

pub(crate) use encode::MEASURED_HUFFMAN;
pub use encode::encode;

use deckle_jpeg::{
    Color, Decoder, Error as JpegError, Frame, Header as JpegHeader, Limits, Options, Scale, Unsupported,
};

use super::{Decoded, Header, corrupt, orientation, unsupported};
use crate::Error;
use crate::image::{Format, Info, Size};

/// Reads the header.
pub fn header(bytes: &[u8]) -> Result<Header<'_>, Error> {
    let header = JpegHeader::parse(bytes).map_err(from_decoder)?;
    let info = Info {
        format: Format::Jpeg,
        size: Size { width: header.width, height: header.height },
        orientation: orientation(header.exif()),
        channels: match header.color {
            Color::Grey => 1,
            Color::Cmyk | Color::Ycck => 4,
            _ => 3,
        },
        has_alpha: false,
        bit_depth: 8,
        progressive: header.frame == Frame::Progressive,
        decoder_bytes: header.memory(Scale::Full) as u64,
    };
    Ok(Header { info, exif: header.exif() })
}

/// Decodes, scaled on load by 1, 1/2, 1/4 or 1/8 to `wanted`, which is the stored size over one of these, rounded up.
/// Grey stays grey, colour becomes RGB, CMYK and YCCK become CMYK with 255 for full ink.
pub fn decode(bytes: &[u8], wanted: Size) -> Result<Decoded, Error> {
    let header = JpegHeader::parse(bytes).map_err(from_decoder)?;
    let scale = [Scale::Full, Scale::Half, Scale::Quarter, Scale::Eighth]
        .into_iter()
        .find(|&scale| header.scaled_size(scale) == (wanted.width, wanted.height))
        .ok_or_else(|| corrupt("header and plan disagree"))?;
    // the plan has checked pixels and memory against limits of its own
    let limits = Limits { pixels: u64::MAX, memory: usize::MAX, ..Limits::default() };
    let mut decoder = Decoder::new(&header, scale, &Options { limits, ..Options::default() }).map_err(from_decoder)?;
    let pixels = pixels::collect(&mut decoder, &header, wanted);
    if decoder.damaged() {
        return Err(corrupt("the JPEG's data are cut off or contradict themselves"));
    }
    Ok(Decoded { pixels, icc: header.icc_profile().map(Into::into) })
}

fn from_decoder(error: JpegError) -> Error {
    match error {
        JpegError::Unsupported(kind) => unsupported(match kind {
            Unsupported::Lossless => "lossless JPEG".into(),
            Unsupported::Hierarchical => "hierarchical JPEG".into(),
            Unsupported::Arithmetic => "JPEG with arithmetic coding".into(),
            Unsupported::Precision(bits) => format!("{bits}-bit JPEG"),
            Unsupported::Components(count) => format!("JPEG of {count} components"),
            kind => format!("JPEG with {kind}"),
        }),
        error => corrupt(error.to_string()),
    }
}
