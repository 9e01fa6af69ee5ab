//! JPEG (ISO/IEC 10918-1), by `deckle_jpeg`.

mod encode;
mod rows;
mod scale;

pub use encode::{Bounded, encode, memory, pixels_memory};
pub use scale::eighths;

use deckle_jpeg::{Color, Error as JpegError, Frame, Header as JpegHeader, Unsupported};

use rows::File;

use super::{Opened, corrupt, orientation, unsupported};
use crate::Error;
use crate::image::{Format, Info, Model, Size};

/// Reads the header.
#[inline(never)]
pub fn open(bytes: &[u8]) -> Result<Opened<'_>, Error> {
    let header = JpegHeader::parse(bytes).map_err(from_decoder)?;
    let (model, channels) = match header.color {
        Color::Grey => (Model::Grey, 1),
        Color::YCbCr => (Model::YCbCr, 3),
        Color::Cmyk | Color::Ycck => (Model::Cmyk, 4),
        _ => (Model::Rgb, 3),
    };
    let info = Info {
        format: Format::Jpeg,
        size: Size { width: header.width, height: header.height },
        orientation: orientation(header.exif()),
        model,
        channels,
        has_alpha: false,
        bit_depth: 8,
        has_profile: header.has_icc_profile(),
        progressive: header.frame == Frame::Progressive,
        by_rows: true,
        is_vector: false,
        band: 8 * header.components.iter().map(|c| u32::from(c.vertical)).max().unwrap_or(1),
        frames: 1,
        animation: None,
        decoder_bytes: profile_bytes(&header),
        scaled_bytes: rows::scaled_bytes(&header),
        sampling: sampling(&header),
    };
    Ok(Opened { info, exif: header.exif(), decoder: Box::new(File::new(header)) })
}

fn sampling(header: &JpegHeader<'_>) -> [[u8; 2]; 4] {
    let mut sampling = [[1, 1]; 4];
    sampling.iter_mut().zip(&header.components).for_each(|(sampling, c)| *sampling = [c.horizontal, c.vertical]);
    sampling
}

/// Bytes that a profile takes, from above; inks have a table of four sides besides.
fn profile_bytes(header: &JpegHeader<'_>) -> u64 {
    match (header.has_icc_profile(), header.color) {
        (false, _) => 0,
        (true, Color::Cmyk | Color::Ycck) => (2 << 20) + super::profile_bytes(header.icc_bytes()),
        _ => super::profile_bytes(header.icc_bytes()),
    }
}

#[cold]
#[inline(never)]
fn from_decoder(error: JpegError) -> Error {
    match error {
        JpegError::Unsupported(kind) => unsupported(match kind {
            Unsupported::Hierarchical => "hierarchical JPEG".into(),
            Unsupported::Arithmetic => "lossless JPEG with arithmetic coding".into(),
            Unsupported::Precision(bits) => format!("{bits}-bit JPEG"),
            Unsupported::Components(count) => format!("JPEG of {count} components"),
            kind => format!("JPEG with {kind}"),
        }),
        JpegError::TooManyScans { scans, limit } => {
            Error::Limit { what: "scans", needed: scans as u64, limit: limit as u64 }
        }
        error => corrupt(error.to_string()),
    }
}
