//! An upper bound on the memory that encoding takes.
//!
//! libwebp keeps what it is going to write: up to 36 bytes a pixel for noise, 3 to 10 for photographs. Compressing alpha takes up to
//! 40, and 15 to 25 for alpha that is mostly flat. It gets a heap that is enough for photographs; a picture that needs more is encoded
//! with less effort, which takes less memory. The figures are measured, and the tests check them.

/// libwebp's heap, unless [`minimum_heap`] is larger or the picture is too small to need as much.
const PREFERRED_HEAP: u64 = 30 << 20;

/// Planes, heap and file together stay within this, for all but the largest pictures: the file's share is what is left.
const TOTAL_BUDGET: u64 = 76 << 20;

/// Bytes that libwebp keeps for each block of 16 × 16 pixels.
const BYTES_PER_BLOCK: u64 = 40;

/// Bytes of libwebp's tables, hashes and histograms, which do not depend on the size.
const FIXED: u64 = 1 << 18;
/// The same with alpha.
const FIXED_WITH_ALPHA: u64 = 4 << 20;

/// The most bytes that encoding `width` × `height` takes: planes, libwebp's heap and the file, without embedded metadata.
pub fn memory(width: u32, height: u32, has_alpha: bool) -> u64 {
    planes_memory(width, height, has_alpha) + heap(width, height, has_alpha) + max_file_size(width, height, has_alpha)
}

/// The part of [`memory`] that every picture takes, be it flat: planes, modes and tables.
pub fn least_memory(width: u32, height: u32, has_alpha: bool) -> u64 {
    planes_memory(width, height, has_alpha) + blocks(width, height) * BYTES_PER_BLOCK + u64::from(width) * 8 + FIXED
}

/// Bytes of luma, chroma and alpha alone.
pub fn planes_memory(width: u32, height: u32, has_alpha: bool) -> u64 {
    let plane = |width: u32, height: u32| u64::from(width) * u64::from(height);
    plane(width, height) * (1 + u64::from(has_alpha)) + 2 * plane(width.div_ceil(2), height.div_ceil(2))
}

/// The size at which encoding stops. Up to 10 megapixels it is enough for noise of the greatest contrast at quality 100 with uncompressed
/// alpha. Larger pictures get what is left of [`TOTAL_BUDGET`], but at least what a picture with a little grain takes at quality 90.
pub(crate) fn max_file_size(width: u32, height: u32, has_alpha: bool) -> u64 {
    let blocks = blocks(width, height);
    // beside the file itself libwebp needs three times its size, see `minimum_heap`
    let left = TOTAL_BUDGET.saturating_sub(planes_memory(width, height, has_alpha) + blocks * BYTES_PER_BLOCK) / 4;
    let alpha = if has_alpha { u64::from(width) * u64::from(height) } else { 0 };
    (blocks * 400 + alpha).min((blocks * 90 + alpha).max(left)) + 1024
}

/// Blocks of 16 × 16.
fn blocks(width: u32, height: u32) -> u64 {
    u64::from(width.div_ceil(16)) * u64::from(height.div_ceil(16))
}

/// Bytes that libwebp may allocate. Planes that are lent to it are not in it.
pub(crate) fn heap(width: u32, height: u32, has_alpha: bool) -> u64 {
    let bytes_per_pixel = if has_alpha { 40 } else { 36 };
    let wanted = (u64::from(width) * u64::from(height) * bytes_per_pixel).min(PREFERRED_HEAP);
    let fixed = if has_alpha { FIXED_WITH_ALPHA } else { FIXED };
    fixed + minimum_heap(width, height, has_alpha).max(wanted)
}

/// Bytes that the effort with the least memory takes, which leaves alpha uncompressed.
#[cfg(all(test, target_arch = "wasm32"))]
pub(crate) fn smallest_heap(width: u32, height: u32, has_alpha: bool) -> u64 {
    FIXED + minimum_heap(width, height, has_alpha)
}

/// What libwebp needs at least: blocks, a row of samples, and the file in a buffer that grows by doubling, so that the old buffer and
/// the new one exist at the same time.
fn minimum_heap(width: u32, height: u32, has_alpha: bool) -> u64 {
    blocks(width, height) * BYTES_PER_BLOCK + u64::from(width) * 8 + 3 * max_file_size(width, height, has_alpha)
}
