//! What decoding will give and take, from the header alone.

use super::arithmetic::Arithmetic;
use super::huffman::{AC_BYTES, BUILDING, DC_BYTES};
use super::layout::{Layout, SLACK};
use super::lossless::Lossless;
use super::smoothing::Smoothing;
use super::unit::Unit;
use super::window::Window;
use super::{Options, standard};
use crate::header::{Frame, Header, PlaneSize, Scale};

/// Size of each component's plane, decoded at `scale`.
pub fn plane_sizes(header: &Header<'_>, scale: Scale, options: &Options) -> Vec<PlaneSize> {
    let layout = Layout::new(header, scale, options);
    layout.components.iter().map(|component| component.size).collect()
}

/// Bytes that decoding at `scale` allocates: one row of MCUs as coefficients and as samples, and the tables. A progressive
/// file needs no more, because its scans are decoded side by side.
pub fn decoder_memory(header: &Header<'_>, scale: Scale, options: &Options) -> usize {
    memory(header, &Layout::new(header, scale, options))
}

/// Bytes that a decoder of this layout allocates, at most.
pub(crate) fn memory(header: &Header<'_>, layout: &Layout) -> usize {
    let (smoothing, ahead) = Smoothing::memory(header, layout);
    let ahead = ahead.map_or(0, |ahead| plain_memory(header, &ahead));
    plain_memory(header, layout) + smoothing + ahead
}

/// The same without smoothing.
fn plain_memory(header: &Header<'_>, layout: &Layout) -> usize {
    let mut tables: [Vec<*const u8>; 2] = [Vec::new(), Vec::new()];
    let mut units = 0;
    for scan in &header.scans {
        for (&index, &ids) in scan.components.iter().zip(&scan.tables) {
            let component = layout.components[usize::from(index)];
            units += component.h * component.v;
            for (class, id) in [(0, ids.0), (1, ids.1)] {
                let spec = scan.huffman[class][usize::from(id)].or_else(|| standard::table(class, id));
                let spec = spec.map_or(core::ptr::null(), <[u8]>::as_ptr);
                if !tables[class].contains(&spec) {
                    tables[class].push(spec);
                }
            }
        }
    }
    // a scan that reads no DC, or no AC, has a standard table in its place
    let unused = usize::from(header.frame == Frame::Progressive || header.arithmetic);
    let arithmetic = if header.arithmetic { header.scans.len() * size_of::<Arithmetic<'_>>() } else { 0 };
    let windows = if header.frame == Frame::Progressive || header.arithmetic { 0 } else { header.scans.len() };
    2 * (layout.coefficients + SLACK)
        + 8 * layout.blocks_refined
        + layout.samples
        + 2 * layout.above
        + (tables[0].len() + unused) * DC_BYTES
        + (tables[1].len() + unused) * AC_BYTES
        + BUILDING
        + arithmetic
        + units * size_of::<Unit>()
        + header.scans.len() * 256
        + windows * size_of::<Window>()
        + layout.components.len() * 256
        + Lossless::memory(header)
}
