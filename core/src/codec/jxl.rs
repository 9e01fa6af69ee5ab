//! JPEG XL (ISO/IEC 18181) by libjxl's decoder in Rust: read, never written. The first frame of an animation.
//!
//! Colours come as the file states them, and are converted by a profile of that as other formats' are.

use std::borrow::Cow;

use jxl::api::{
    AlphaMode, Event, ExtraChannel, JxlColorEncoding, JxlColorProfile, JxlColorType, JxlDataFormat, JxlDecoder,
    JxlDecoderOptions, JxlOutputBuffer, JxlPixelFormat, ProfileLevel,
};

use super::{Decode, Opened, PlaneSource, allocate, corrupt, unsupported};
use crate::Error;
use crate::image::{Format, Info, Load, Model, Orientation, Pixels, Size};

/// Bytes that decoding takes however small a picture is.
const AT_LEAST: u64 = 6 << 20;

/// How a picture is coded, as far as that says what decoding it takes.
#[derive(Clone, Copy, PartialEq)]
enum Coding {
    /// In blocks, of one frame that needs no other.
    Blocks,
    /// In whole planes, of one frame that needs no other.
    Planes,
    /// Of several, laid on each other, or with pieces of others.
    Layers,
}

impl Coding {
    /// Bytes for a pixel beside the picture: above what was measured over the files of libjxl's conformance suite and of the decoder's
    /// own (`tests/jxl.rs`), as the standard has no bound.
    fn bytes(self) -> u64 {
        match self {
            Self::Blocks => 3,
            Self::Planes => 14,
            Self::Layers => 60,
        }
    }
}

/// The longest header that is looked through byte by byte.
const LONGEST_HEADER: usize = 64 << 10;

/// How the first frame that shows is coded; the file is looked through up to there, and no pixel is decoded.
fn coding(bytes: &[u8]) -> Option<Coding> {
    let mut options = options();
    options.scan_frames_only = true;
    // each layer for itself
    options.coalescing = false;
    let mut decoder = JxlDecoder::new(options);
    // a byte at a time, to know where the header ends
    let mut begun = 0;
    loop {
        let mut byte = bytes.get(begun..begun + 1).filter(|_| begun < LONGEST_HEADER)?;
        begun += 1;
        match decoder.process(&mut byte, None, None).ok()? {
            Event::NeedMoreInput { .. } => {}
            _ => break,
        }
    }
    let mut rest = bytes.get(begun..)?;
    advance(&mut decoder, &mut rest, None).ok()?;
    let frame = decoder.scanned_frames().first()?;
    let from = usize::try_from(frame.file_offset).ok()?;
    // others follow, or one that does not show stands before it
    if !frame.is_last || from > begun {
        return Some(Coding::Layers);
    }
    Some(of_header(bytes.get(from..)?))
}

/// By the first fields of a frame's header (ISO/IEC 18181-1, F.2).
fn of_header(bytes: &[u8]) -> Coding {
    let bit = |place: usize| bytes.get(place / 8).map_or(0, |byte| u32::from(byte >> (place % 8) & 1));
    let number = |from: usize, bits: usize| (0..bits).fold(0, |number, i| number | bit(from + i) << i);
    if bit(0) == 1 {
        return Coding::Blocks;
    }
    let (kind, is_modular) = (number(1, 2), bit(3) == 1);
    let flags = match number(4, 2) {
        0 => 0,
        1 => 1 + number(6, 4),
        2 => 17 + number(6, 8),
        _ => u32::MAX,
    };
    const PATCHES: u32 = 2;
    const LF_FRAME: u32 = 32;
    match (kind, flags & (PATCHES | LF_FRAME), is_modular) {
        (0, 0, false) => Coding::Blocks,
        (0, 0, true) => Coding::Planes,
        _ => Coding::Layers,
    }
}

fn options() -> JxlDecoderOptions {
    let mut options = JxlDecoderOptions::default();
    options.adjust_orientation = false;
    options.alpha_mode = AlphaMode::Unpremultiplied;
    options.max_profile_level = ProfileLevel::Main10;
    options
}

/// Goes on to an event.
fn advance(
    decoder: &mut JxlDecoder,
    rest: &mut &[u8],
    buffers: Option<&mut [JxlOutputBuffer<'_>]>,
) -> Result<Event, Error> {
    match decoder.process(rest, buffers, None) {
        Ok(Event::NeedMoreInput { .. }) => Err(corrupt("the JPEG XL ends too early")),
        Ok(event) => Ok(event),
        Err(jxl::error::Error::ImageOutOfMemory(width, height)) => {
            Err(super::no_room(width as u64 * height as u64 * 4, u64::MAX))
        }
        Err(error) => Err(corrupt(format!("as JPEG XL, {error}"))),
    }
}

/// Reads the header.
#[inline(never)]
pub fn open(bytes: &[u8]) -> Result<Opened<'_>, Error> {
    let mut decoder = JxlDecoder::new(options());
    let mut rest = bytes;
    advance(&mut decoder, &mut rest, None)?;
    let (Some(basic), Some(profile)) = (decoder.basic_info(), decoder.embedded_color_profile()) else {
        return Err(corrupt("the JPEG XL has no header"));
    };
    let side = |side: usize| u32::try_from(side).ok().filter(|&side| side > 0 && side <= 1 << 30);
    let (Some(width), Some(height)) = (side(basic.size.0), side(basic.size.1)) else {
        return Err(corrupt("the JPEG XL has no pixel"));
    };
    if profile.is_cmyk() {
        return Err(unsupported("JPEG XL of four inks"));
    }
    let size = Size { width, height };
    let is_grey = profile.channels() == 1;
    let has_alpha = basic.extra_channels.iter().any(|channel| channel.ec_type == ExtraChannel::Alpha);
    let channels = if is_grey { 1 } else { 3 } + u8::from(has_alpha);
    let extra = basic.extra_channels.len() as u64;
    let orientation = Orientation::from_exif(basic.orientation as u16);
    // colours are given as the file states them, and of what is XYB and states a profile in sRGB
    let is_srgb = profile.same_color_encoding(&JxlColorProfile::Simple(JxlColorEncoding::srgb(is_grey)));
    let keeps = basic.uses_original_profile || profile.can_output_to();
    let profile = if keeps && !is_srgb { profile.try_as_icc().map(|icc| icc.into_owned()) } else { None };
    let info = Info {
        orientation,
        model: if is_grey { Model::Grey } else { Model::Rgb },
        has_alpha,
        // what is decoded has eight
        bit_depth: 8,
        has_profile: profile.is_some(),
        by_rows: false,
        decoder_bytes: AT_LEAST
            + size.pixels().saturating_mul(coding(bytes).unwrap_or(Coding::Layers).bytes() + 5 * extra)
            + super::profile_bytes(profile.as_ref().map_or(0, Vec::len)),
        ..Info::of_rows(Format::Jxl, size, channels)
    };
    Ok(Opened { info, exif: None, decoder: Box::new(File { bytes, profile }) })
}

struct File<'a> {
    bytes: &'a [u8],
    profile: Option<Vec<u8>>,
}

impl Decode for File<'_> {
    fn icc(&self) -> Option<Cow<'_, [u8]>> {
        self.profile.as_deref().map(Cow::Borrowed)
    }

    #[inline(never)]
    fn start(&self, info: &Info, load: &Load, _: Size, _: u64) -> Result<PlaneSource<'_>, Error> {
        let mut decoder = JxlDecoder::new(options());
        let mut rest = self.bytes;
        advance(&mut decoder, &mut rest, None)?;
        let extra = decoder.basic_info().map_or(0, |basic| basic.extra_channels.len());
        let format = JxlPixelFormat {
            color_type: match info.channels {
                1 => JxlColorType::Grayscale,
                2 => JxlColorType::GrayscaleAlpha,
                3 => JxlColorType::Rgb,
                _ => JxlColorType::Rgba,
            },
            color_data_format: Some(JxlDataFormat::U8 { bit_depth: 8 }),
            extra_channel_format: vec![None; extra],
        };
        decoder.set_pixel_format(format).map_err(|error| corrupt(format!("as JPEG XL, {error}")))?;
        let row = info.size.width as usize * usize::from(info.channels);
        let mut data = allocate(info.size.pixels() * u64::from(info.channels))?;
        loop {
            let buffer = JxlOutputBuffer::new(&mut data, info.size.height as usize, row);
            if let Event::FrameComplete { .. } = advance(&mut decoder, &mut rest, Some(&mut [buffer]))? {
                break;
            }
        }
        let pixels = Pixels { size: info.size, channels: info.channels, data };
        Ok(PlaneSource::whole(Cow::Owned(pixels), load.is_resampled()))
    }
}
