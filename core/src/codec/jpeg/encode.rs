//! JPEG bytes by `jpeg-encoder`.

use jpeg_encoder::{ChromaSubsamplingMethod, ColorType, Encoder, EncodingError, SamplingFactor};

use crate::Error;
use crate::codec::unencodable;
use crate::image::{Format, Pixels};

/// Pixels up to which the Huffman tables are made to measure; above, the coefficients would take too much memory.
pub(crate) const MEASURED_HUFFMAN: u64 = 1 << 20;

/// Encodes grey as grey and RGB as YCbCr 4:2:0.
pub fn encode(image: &Pixels, quality: u8, progressive: bool, exif: Option<Vec<u8>>) -> Result<Vec<u8>, Error> {
    let refuse = |error: EncodingError| unencodable(Format::Jpeg, error);
    let side = |side: u32| u16::try_from(side).map_err(|error| unencodable(Format::Jpeg, error));
    let colour = match image.channels {
        1 => ColorType::Luma,
        3 => ColorType::Rgb,
        n => return Err(unencodable(Format::Jpeg, format!("{n} channels"))),
    };
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, quality);
    encoder.set_sampling_factor(if image.channels == 1 { SamplingFactor::F_1_1 } else { SamplingFactor::F_2_2 });
    encoder.set_chroma_subsampling_method(ChromaSubsamplingMethod::Average);
    encoder.set_progressive(progressive);
    encoder.set_optimized_huffman_tables(image.size.pixels() <= MEASURED_HUFFMAN);
    if let Some(exif) = exif {
        encoder.add_exif_metadata(&exif).map_err(refuse)?;
    }
    encoder.encode(&image.data, side(image.size.width)?, side(image.size.height)?, colour).map_err(refuse)?;
    Ok(bytes)
}
