//! AVIF written, by `rav1e`: colour, and alpha as a picture of its own. 8 bits a sample; sRGB, by BT.601's matrix, full range.

use deckle_pixels::{Planar, paired, to_full, to_halved};
use rav1e::prelude::*;

use super::file::{self, Parts};
use crate::Error;
use crate::codec::{PixelRows, check_room, unencodable};
use crate::image::{Chroma, Encoding, Format, Orientation, Size};
use crate::metadata::Exif;

/// Bytes that encoding takes for planes of luma and perhaps chroma, the planes among them.
fn memory(size: Size, is_grey: bool, chroma: Chroma, quality: u8) -> u64 {
    // blocks of 64, and some around
    let side = |side: u32| u64::from(side).next_multiple_of(64) + 64;
    let luma = side(size.width) * side(size.height);
    let samples = match (is_grey, chroma) {
        (true, _) => luma,
        (false, Chroma::Quarter) => luma * 3 / 2,
        (false, Chroma::Full) => luma * 3,
    };
    FIXED + samples * PER_SAMPLE + luma * if quality > 95 { PER_FINE_PIXEL } else { PER_PIXEL }
}

/// Samples around those of a picture that is to be encoded.
const BORDER: u64 = 88;

/// What each picture takes, and each sample and pixel of it: twice what noise takes at a quality of 95.
const FIXED: u64 = 2 << 20;
const PER_SAMPLE: u64 = 12;
const PER_PIXEL: u64 = 60;

/// What is coded of a pixel is kept, and is far more at the highest qualities.
const PER_FINE_PIXEL: u64 = 240;

/// Bytes that encoding planes takes: before it begins, and then.
pub fn planes_memory(size: Size, is_grey: bool, quality: u8) -> (u64, u64) {
    let chroma = if is_grey { 0 } else { 2 * size.halved().pixels() };
    let side = |side: u32| u64::from(side).next_multiple_of(64) + 2 * BORDER;
    let luma = side(size.width) * side(size.height);
    (
        luma.max(size.pixels()) * if chroma == 0 { 2 } else { 3 } / 2 + (64 << 10),
        memory(size, is_grey, Chroma::Quarter, quality),
    )
}

/// Bytes that encoding pixels takes for any picture, where `held` bytes are held for rows to come.
pub fn pixels_memory(encoding: &Encoding, size: Size, channels: u8, held: u64) -> u64 {
    let is_grey = channels < 3;
    let has_alpha = channels.is_multiple_of(2);
    let colour = memory(size, is_grey, encoding.chroma, encoding.quality);
    // alpha's planes wait until colour is coded
    let alpha = if has_alpha { memory(size, true, Chroma::Quarter, 0) / 4 } else { 0 };
    held + colour + alpha + u64::from(size.width) * 32
}

/// Luma and chroma on their way to a file.
pub struct Planes<'m> {
    frame: Frame<u8>,
    context: Context<u8>,
    encoding: Encoding,
    size: Size,
    is_grey: bool,
    exif: Option<&'m [u8]>,
}

impl<'m> Planes<'m> {
    #[inline(never)]
    pub fn new(encoding: &Encoding, size: Size, is_grey: bool, exif: Option<&'m [u8]>) -> Result<Self, Error> {
        check_room(planes_memory(size, is_grey, encoding.quality).1, encoding.room)?;
        let context = context(encoding, size, sampling(is_grey, Chroma::Quarter), encoding.quality)?;
        Ok(Self { frame: context.new_frame(), context, encoding: *encoding, size, is_grey, exif })
    }

    /// Asks for every line: two of luma, then one of each chroma plane.
    pub fn fill(&mut self, mut line: impl FnMut(usize, &mut [u8]) -> Result<(), Error>) -> Result<(), Error> {
        let half = self.size.halved();
        for y in 0..half.height as usize {
            for y in [2 * y, 2 * y + 1] {
                if y < self.size.height as usize {
                    line(0, row(&mut self.frame, 0, y, self.size.width))?;
                }
            }
            if !self.is_grey {
                line(1, row(&mut self.frame, 1, y, half.width))?;
                line(2, row(&mut self.frame, 2, y, half.width))?;
            }
        }
        Ok(())
    }

    pub fn finish(self) -> Result<Vec<u8>, Error> {
        let colour = coded(self.context, self.frame)?;
        Ok(file::write(&Parts {
            size: self.size,
            is_grey: self.is_grey,
            has_full_chroma: false,
            colour: &colour,
            alpha: None,
            exif: self.exif,
            orientation: orientation(&self.encoding, self.exif),
        }))
    }
}

/// The first samples of a row of a plane.
fn row(frame: &mut Frame<u8>, plane: usize, y: usize, width: u32) -> &mut [u8] {
    let plane = &mut frame.planes[plane];
    let (x, y) = (plane.cfg.xorigin, plane.cfg.yorigin + y);
    let from = y * plane.cfg.stride + x;
    &mut plane.data[from..from + width as usize]
}

/// Encodes rows of pixels.
#[inline(never)]
pub fn encode(mut rows: PixelRows<'_>, encoding: &Encoding, exif: Option<Vec<u8>>) -> Result<Vec<u8>, Error> {
    let (size, channels) = (rows.size, rows.channels);
    rows.prepare()?;
    check_room(pixels_memory(encoding, size, channels, rows.held()), encoding.room)?;
    let (is_grey, has_alpha) = (channels < 3, channels.is_multiple_of(2));
    let context = context(encoding, size, sampling(is_grey, encoding.chroma), encoding.quality)?;
    let mut frame: Frame<u8> = context.new_frame();
    let of_alpha = || self::context(encoding, size, ChromaSampling::Cs400, alpha_quality(encoding));
    let mut alpha = match has_alpha {
        true => Some(of_alpha()?).map(|context| (context.new_frame(), context)),
        false => None,
    };
    let mut taken = Taken::new(size, channels);
    for y in 0..size.height.div_ceil(2) as usize {
        taken.pair(&mut rows, y)?;
        taken.give(&mut frame, alpha.as_mut().map(|(frame, _)| frame), y, encoding.chroma);
    }
    let is_opaque = taken.is_opaque;
    drop((rows, taken));
    let colour = coded(context, frame)?;
    let alpha = match alpha.filter(|_| !is_opaque) {
        Some((frame, context)) => Some(coded(context, frame)?),
        None => None,
    };
    Ok(file::write(&Parts {
        size,
        is_grey,
        has_full_chroma: encoding.chroma == Chroma::Full,
        colour: &colour,
        alpha: alpha.as_deref(),
        exif: exif.as_deref(),
        orientation: orientation(encoding, exif.as_deref()),
    }))
}

/// Two rows of pixels on their way to planes.
struct Taken {
    size: Size,
    channels: u8,
    /// Each row, its colours apart, and both together.
    rows: [Vec<u8>; 2],
    both: Planar,
    is_opaque: bool,
}

impl Taken {
    fn new(size: Size, channels: u8) -> Self {
        let row = vec![0; size.width as usize * usize::from(channels)];
        Self { size, channels, rows: [row.clone(), row], both: Planar::default(), is_opaque: true }
    }

    /// Takes the next two rows; an odd last one stands for the one below it, too.
    fn pair(&mut self, rows: &mut PixelRows<'_>, y: usize) -> Result<(), Error> {
        let [first, second] = &mut self.rows;
        rows.next(first)?;
        if 2 * y + 1 < self.size.height as usize {
            rows.next(second)?;
        } else {
            second.copy_from_slice(first);
        }
        Ok(())
    }

    fn give(&mut self, frame: &mut Frame<u8>, alpha: Option<&mut Frame<u8>>, y: usize, chroma: Chroma) {
        let (width, samples) = (self.size.width, usize::from(self.channels));
        let lines = [2 * y, 2 * y + 1].into_iter().take_while(|&y| y < self.size.height as usize);
        if let Some(alpha) = alpha {
            for (line, pixels) in lines.clone().zip(&self.rows) {
                let out = row(alpha, 0, line, width);
                out.iter_mut().zip(pixels.chunks_exact(samples)).for_each(|(out, pixel)| *out = pixel[samples - 1]);
                self.is_opaque = self.is_opaque && out.iter().all(|&alpha| alpha == 255);
            }
        }
        if samples < 3 {
            for (line, pixels) in lines.zip(&self.rows) {
                let out = row(frame, 0, line, width);
                out.iter_mut().zip(pixels.chunks_exact(samples)).for_each(|(out, pixel)| *out = pixel[0]);
            }
            return;
        }
        if samples == 4 {
            for pixels in &mut self.rows {
                // what nobody sees is to cost nothing
                let colours =
                    pixels.as_chunks::<4>().0.iter().flat_map(|&[r, g, b, a]| if a == 0 { [0; 3] } else { [r, g, b] });
                let narrow: Vec<u8> = colours.collect();
                pixels[..narrow.len()].copy_from_slice(&narrow);
            }
        }
        let row_bytes = 3 * width as usize;
        if chroma == Chroma::Full {
            let mut planes = [0; 3].map(|_: u8| vec![0; width as usize]);
            for (line, pixels) in lines.zip(&self.rows) {
                let [luma, blue, red] = &mut planes;
                to_full(&pixels[..row_bytes], [luma, blue, red]);
                for (i, plane) in planes.iter().enumerate() {
                    row(frame, i, line, width).copy_from_slice(plane);
                }
            }
            return;
        }
        self.halved(frame, y, row_bytes);
    }

    /// Luma, and chroma of half the size.
    fn halved(&mut self, frame: &mut Frame<u8>, y: usize, row_bytes: usize) {
        let (width, half) = (self.size.width as usize, self.size.halved().width as usize);
        let pixels = paired(width);
        let mut both = Vec::with_capacity(2 * pixels * 3);
        for row in &self.rows {
            both.extend_from_slice(&row[..row_bytes]);
            // the last pixel of an odd row stands for the one beside it
            if pixels > width {
                both.extend_from_slice(&row[row_bytes - 3..row_bytes]);
            }
        }
        self.both.part(&both, 3);
        let (mut first, mut second) = (vec![0; width], vec![0; width]);
        let (mut blue, mut red) = (vec![0; half], vec![0; half]);
        to_halved(&mut self.both, [&mut first, &mut second], [&mut blue, &mut red]);
        row(frame, 0, 2 * y, self.size.width).copy_from_slice(&first);
        if 2 * y + 1 < self.size.height as usize {
            row(frame, 0, 2 * y + 1, self.size.width).copy_from_slice(&second);
        }
        row(frame, 1, y, half as u32).copy_from_slice(&blue);
        row(frame, 2, y, half as u32).copy_from_slice(&red);
    }
}

fn sampling(is_grey: bool, chroma: Chroma) -> ChromaSampling {
    match (is_grey, chroma) {
        (true, _) => ChromaSampling::Cs400,
        (false, Chroma::Quarter) => ChromaSampling::Cs420,
        (false, Chroma::Full) => ChromaSampling::Cs444,
    }
}

/// Edges of alpha are seen sooner than those of colours.
fn alpha_quality(encoding: &Encoding) -> u8 {
    encoding.quality.saturating_add(15).min(95).max(encoding.quality)
}

/// What a picture that lies as it was stored says of how it is to be turned: AVIF has no ear for EXIF's word on it.
fn orientation(encoding: &Encoding, exif: Option<&[u8]>) -> Orientation {
    let tag = exif.filter(|_| encoding.keeps_orientation).and_then(Exif::parse).and_then(|exif| exif.orientation());
    Orientation::from_exif(tag.unwrap_or(1))
}

/// AV1's quantiser, 0 to 255, of a quality.
fn quantizer(quality: u8) -> usize {
    let lacking = 1.0 - f64::from(quality.clamp(1, 100)) / 100.0;
    // steps are finer where quality is high, as `ravif` has them
    let share = if lacking <= 0.18 {
        lacking * 2.6
    } else if lacking < 0.75 {
        0.375 + lacking / 2.0
    } else {
        lacking
    };
    (share * 255.0).round() as usize
}

#[inline(never)]
fn context(encoding: &Encoding, size: Size, sampling: ChromaSampling, quality: u8) -> Result<Context<u8>, Error> {
    let quantizer = quantizer(quality);
    let colours = ColorDescription {
        color_primaries: ColorPrimaries::BT709,
        transfer_characteristics: TransferCharacteristics::SRGB,
        matrix_coefficients: MatrixCoefficients::BT601,
    };
    let config = EncoderConfig {
        width: size.width as usize,
        height: size.height as usize,
        bit_depth: 8,
        chroma_sampling: sampling,
        pixel_range: PixelRange::Full,
        color_description: (sampling != ChromaSampling::Cs400).then_some(colours),
        still_picture: true,
        quantizer,
        min_quantizer: quantizer as u8,
        tiles: 1,
        speed_settings: settings(encoding.effort, quantizer),
        ..EncoderConfig::default()
    };
    Config::new().with_encoder_config(config).new_context().map_err(|error| unencodable(Format::Avif, error))
}

/// What the encoder tries. The choices are those of `ravif` (BSD-3-Clause, by Kornel Lesiński), which were tuned for still pictures.
fn settings(effort: u8, quantizer: usize) -> SpeedSettings {
    let speed = match effort {
        0 | 1 => 10,
        2 | 3 => 9,
        4 => 8,
        5 => 7,
        _ => 6,
    };
    let is_high = quantizer < self::quantizer(80);
    let is_low = quantizer > self::quantizer(55);
    let mut settings = SpeedSettings::from_preset(speed);
    settings.multiref = false;
    settings.rdo_lookahead_frames = 1;
    settings.scene_detection_mode = SceneDetectionSpeed::None;
    settings.motion.include_near_mvs = false;
    settings.motion.use_satd_subpel = false;
    settings.partition.partition_range = match speed {
        9.. => PartitionRange::new(BlockSize::BLOCK_16X16, BlockSize::BLOCK_16X16),
        _ => PartitionRange::new(BlockSize::BLOCK_8X8, BlockSize::BLOCK_16X16),
    };
    settings.partition.encode_bottomup = false;
    settings.prediction.prediction_modes = PredictionModesSetting::Simple;
    settings.prediction.fine_directional_intra = speed <= 6;
    settings.sgr_complexity = SGRComplexityLevel::Reduced;
    settings.transform.rdo_tx_decision = false;
    settings.transform.reduced_tx_set = speed >= 9;
    settings.transform.enable_inter_tx_split = speed >= 9;
    settings.transform.tx_domain_rate = speed >= 10;
    settings.fast_deblock = speed >= 7 && !is_high;
    settings.lrf = is_low && speed <= 8;
    settings.cdef = is_low && speed <= 9;
    settings
}

/// AV1 data of a picture.
#[inline(never)]
fn coded(mut context: Context<u8>, frame: Frame<u8>) -> Result<Vec<u8>, Error> {
    let refused = |status: EncoderStatus| unencodable(Format::Avif, status);
    context.send_frame(frame).map_err(refused)?;
    context.flush();
    let mut data = Vec::new();
    loop {
        match context.receive_packet() {
            Ok(packet) => data.extend(packet.data),
            Err(EncoderStatus::Encoded) => (),
            Err(EncoderStatus::LimitReached) => return Ok(data),
            Err(status) => return Err(refused(status)),
        }
    }
}
