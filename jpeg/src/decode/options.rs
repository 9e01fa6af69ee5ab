//! What a caller may choose.

use crate::{Limits, Scale};

/// How to decode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Scale of the components after the first.
    pub chroma: ChromaScale,
    /// Which mathematics makes 1/2 and 1/4.
    pub reduction: Reduction,
    /// Whether planes that are decoded by the low-pass at 1/4 to 7/8 hold `value / 2 + 64`, so that values from -128 to 383 are
    /// kept. A low-pass swings beyond 0 and 255 beside hard edges. Clamping that shifts the mean of a block, and the shift shows
    /// as moiré once the plane is resampled. [`PlaneSize::has_headroom`](crate::PlaneSize::has_headroom) says which planes.
    pub headroom: bool,
    /// Whether the scans of a progressive file that refine its AC coefficients are passed over: these are then exact to 2 or 4
    /// quantisation steps, as the file's first scans of them say. For reductions in which AC coefficients weigh little.
    pub coarse: bool,
    /// What the file may ask for.
    pub limits: Limits,
}

/// Scale of the components after the first, which may be stored smaller than it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ChromaScale {
    /// As near to the image's decoded size as their blocks allow, never above
    /// it: libjpeg's rule. 4:2:0 at 1/2 gives three planes of the same size.
    #[default]
    Match,
    /// The same for all: planes keep the sampling of the file. The least work.
    Same,
    /// This one for every component but the first, however it is stored.
    At(Scale),
}

/// Which mathematics makes 1/2 and 1/4.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reduction {
    /// The low 4 × 4 or 2 × 2 coefficients of each block, as they are: band-limited
    /// within the block, sharper, and the faster one, as other coefficients are
    /// passed over. What libjpeg 7 and later do.
    #[default]
    LowPass,
    /// As [`Reduction::LowPass`], without the coefficients on and below the diagonal of a block's low corner: of `n` × `n`,
    /// those whose row and column sum up to `n` or more. A reduction weighs each by a small number for its row times another
    /// one for its column, and most of the time goes into reading coefficients. Sequential files of 3/8, 1/2 and 5/8 only.
    Triangle,
    /// Each sample the mean of the ones that it stands for, as libjpeg-turbo
    /// (and so sharp) makes them, to the bit. Needs all coefficients.
    Average,
}
