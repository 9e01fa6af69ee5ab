//! What encoding takes, from above.
//!
//! libwebp remembers what it is going to write, up to 36 bytes a pixel for noise, and compresses alpha with up to 40. Photographs take 3
//! to 10, alpha that is mostly flat 15 to 25. So it is given what such pictures want, and if that is not enough it has to do
//! with what no picture wants more of. The figures are measured; `tests` hold to them.

/// Given to libwebp even if it could do with less, and no more than this unless it cannot.
const AMPLE: u64 = 30 << 20;

/// Whatever the file, encoding is to stay within this, if it can.
const ENOUGH: u64 = 76 << 20;

/// Bytes of modes for a block of 16 × 16.
const MODES: u64 = 40;

/// Tables, hashes and histograms, whatever the size.
const ASIDE: u64 = 1 << 18;
const ASIDE_ALPHA: u64 = 4 << 20;

/// Bytes that encoding `width` × `height` takes at most, the planes among them, and the file, but for what is embedded.
pub fn memory(width: u32, height: u32, has_alpha: bool) -> u64 {
    planes_memory(width, height, has_alpha) + limit(width, height, has_alpha) + file(width, height, has_alpha)
}

/// The part of [`memory`] that every picture takes, be it flat: planes, modes and tables.
pub fn least_memory(width: u32, height: u32, has_alpha: bool) -> u64 {
    planes_memory(width, height, has_alpha) + blocks(width, height) * MODES + u64::from(width) * 8 + ASIDE
}

/// Bytes of luma, chroma and alpha alone.
pub fn planes_memory(width: u32, height: u32, has_alpha: bool) -> u64 {
    let plane = |width: u32, height: u32| u64::from(width) * u64::from(height);
    plane(width, height) * (1 + u64::from(has_alpha)) + 2 * plane(width.div_ceil(2), height.div_ceil(2))
}

/// The largest file that is made: noise of the greatest contrast at quality 100, alpha as it is, of pictures up to 10 megapixels.
/// Larger ones get what is left of [`ENOUGH`], or at least what a picture with a little grain takes at quality 90.
pub(crate) fn file(width: u32, height: u32, has_alpha: bool) -> u64 {
    let blocks = blocks(width, height);
    // libwebp needs three times the file, and modes
    let left = ENOUGH.saturating_sub(planes_memory(width, height, has_alpha) + blocks * MODES) / 4;
    let alpha = if has_alpha { u64::from(width) * u64::from(height) } else { 0 };
    (blocks * 400 + alpha).min((blocks * 90 + alpha).max(left)) + 1024
}

/// Blocks of 16 × 16.
fn blocks(width: u32, height: u32) -> u64 {
    u64::from(width.div_ceil(16)) * u64::from(height.div_ceil(16))
}

/// What libwebp is given beside the planes.
pub(crate) fn limit(width: u32, height: u32, has_alpha: bool) -> u64 {
    let most = if has_alpha { 40 } else { 36 };
    let ample = (u64::from(width) * u64::from(height) * most).min(AMPLE);
    aside(has_alpha) + least(width, height, has_alpha).max(ample)
}

/// The same for those who get no more than they need.
#[cfg(all(test, target_arch = "wasm32"))]
pub(crate) fn least_limit(width: u32, height: u32, has_alpha: bool) -> u64 {
    ASIDE + least(width, height, has_alpha)
}

fn aside(has_alpha: bool) -> u64 {
    if has_alpha { ASIDE_ALPHA } else { ASIDE }
}

/// What it cannot do without: modes, a row of samples, and the file in a buffer that grows by doubling, so that both the old
/// one and the new one are there for a moment.
fn least(width: u32, height: u32, has_alpha: bool) -> u64 {
    blocks(width, height) * MODES + u64::from(width) * 8 + 3 * file(width, height, has_alpha)
}
