//! Operations on every pixel, on rows of 8-bit samples: interleaved, 1 channel for grey, 2 for grey and alpha, 3 for RGB,
//! 4 for RGB and alpha; alpha is straight unless stated otherwise.
//!
//! A crate of its own because it is compiled for speed, as the codecs and the resampler are. `deckle` itself, which decides what is
//! done, is compiled for size.

mod affine;
mod edges;
mod filter;
mod flatten;
mod ink_table;
mod join;
mod naive_cmyk;
mod narrow;
mod range;
mod sharpen;
mod space;
mod split;
mod styles;
mod tones;
mod turn;
mod widen;

pub use affine::{Affine, Ground};
pub use edges::{Background, Edges};
pub use filter::filter;
pub use flatten::flatten;
pub use ink_table::{FULL, InkTable};
pub use join::join;
pub use naive_cmyk::naive_cmyk;
pub use narrow::narrow;
pub use range::full_range;
pub use sharpen::{sharpen, sharpen_reach};
pub use space::Space;
pub use split::split;
pub use styles::{luma, negative, sepia};
pub use tones::tones;
pub use turn::{NoMemory, Strips, Turner};
pub use widen::widen;

/// Replaces every `N` bytes by `M`, in place; `M` is at most `N`.
fn compact<const N: usize, const M: usize>(data: &mut Vec<u8>, f: impl Fn([u8; N]) -> [u8; M]) {
    let pixels = data.len() / N;
    let mut from = [0; N];
    for i in 0..pixels {
        from.copy_from_slice(&data[i * N..][..N]);
        data[i * M..][..M].copy_from_slice(&f(from));
    }
    data.truncate(pixels * M);
}
