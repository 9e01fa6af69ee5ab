//! What decoding will give and take, from the header alone.

use super::{Layout, Options};
use crate::header::{Header, PlaneSize, Scale};

/// Size of each component's plane, decoded at `scale`.
pub fn plane_sizes(header: &Header<'_>, scale: Scale, options: &Options) -> Vec<PlaneSize> {
    let layout = Layout::new(header, scale, options);
    layout.components.iter().map(|component| component.size).collect()
}

/// Bytes that decoding at `scale` allocates: one row of MCUs as coefficients and as samples, and the tables. A progressive
/// file needs no more, because its scans are decoded side by side.
pub fn decoder_memory(header: &Header<'_>, scale: Scale, options: &Options) -> usize {
    Layout::new(header, scale, options).memory(header)
}
