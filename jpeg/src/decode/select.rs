//! Which scans of a progressive file a scale needs.
//!
//! A scan is needed if its band starts at or before the last coefficient that the scale shows. How many bits a refining
//! scan has for a block depends on the coefficients so far, so it needs every earlier scan of its band.

use super::idct::Kernel;
use super::layout::Layout;
use super::progressive::bits_of;
use crate::header::{Header, ScanHeader};
use crate::zigzag::last_needed;

/// For each scan, whether to decode it.
#[inline(never)]
pub(crate) fn needed(header: &Header<'_>, layout: &Layout, coarse: bool) -> Vec<bool> {
    let kernel = |scan: &ScanHeader<'_>| -> Kernel {
        let index = scan.components.first().copied().unwrap_or(0);
        layout.components[usize::from(index)].kernel
    };
    let mut needed: Vec<bool> =
        header.scans.iter().map(|scan| usize::from(scan.band.0) <= last_needed(kernel(scan).needs())).collect();
    // what refining scans so far (from the last one back) need of each component
    let mut touched = [[false; 64]; 4];
    for (scan, needed) in header.scans.iter().zip(&mut needed).rev() {
        let Some(touched) = scan.components.first().and_then(|&index| touched.get_mut(usize::from(index))) else {
            continue;
        };
        let (first, last) = (usize::from(scan.band.0), usize::from(scan.band.1));
        if coarse && first > 0 && scan.refines() {
            *needed = false;
        }
        // DC scans are always needed, and ACs do not depend on them
        if first == 0 {
            continue;
        }
        let band = &mut touched[first..=last];
        *needed |= band.contains(&true);
        if *needed && scan.refines() {
            band.fill(true);
        }
    }
    needed
}

/// Whether the scans bring every coefficient that is needed to its last bit.
#[inline(never)]
pub(crate) fn is_complete(header: &Header<'_>, layout: &Layout) -> bool {
    let last = |index: u8| layout.components.get(usize::from(index)).map_or(63, |c| last_needed(c.kernel.needs()));
    is_complete_to(header, last)
}

/// The same for the coefficients of each component up to a zigzag index.
pub(crate) fn is_complete_to(header: &Header<'_>, last: impl Fn(u8) -> usize) -> bool {
    (0..header.components.len() as u8).all(|index| {
        let of_component = header.scans.iter().filter(|s| s.components.contains(&index) && s.low == 0);
        let complete = of_component.fold(0, |bits, scan| bits | bits_of(scan.band.0.into(), scan.band.1.into()));
        bits_of(0, last(index)) & !complete == 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::{Color, Component, Frame, Scale};
    use crate::{Options, Reduction};

    fn scan(band: (u8, u8), high: u8, low: u8) -> ScanHeader<'static> {
        ScanHeader {
            components: vec![0],
            tables: vec![(0, 0)],
            band,
            high,
            low,
            predictor: 0,
            restart_interval: 0,
            huffman: Default::default(),
            arithmetic: None,
            data: &[],
        }
    }

    fn header(scans: Vec<ScanHeader<'static>>) -> Header<'static> {
        Header {
            frame: Frame::Progressive,
            arithmetic: false,
            precision: 8,
            width: 8,
            height: 8,
            color: Color::Grey,
            components: vec![Component {
                id: 1,
                horizontal: 1,
                vertical: 1,
                quantization_id: 0,
                quantization: [1; 64],
                width: 8,
                height: 8,
            }],
            adobe_transform: None,
            density: None,
            exif: None,
            icc: Vec::new(),
            scan_count: scans.len(),
            scans,
            damaged: false,
            has_end: true,
        }
    }

    fn needed_at(scale: Scale, scans: Vec<ScanHeader<'static>>) -> Vec<bool> {
        needed_with(scale, scans, false)
    }

    fn needed_with(scale: Scale, scans: Vec<ScanHeader<'static>>, coarse: bool) -> Vec<bool> {
        let header = header(scans);
        let options = Options { reduction: Reduction::LowPass, coarse, ..Options::default() };
        needed(&header, &Layout::new(&header, scale, &options), options.coarse)
    }

    #[test]
    fn at_an_eighth_only_dc_scans_are_needed() {
        let scans = vec![scan((0, 0), 0, 1), scan((1, 63), 0, 0), scan((0, 0), 1, 0)];
        assert_eq!(needed_at(Scale::Eighth, scans), [true, false, true]);
    }

    #[test]
    fn scans_beyond_the_last_needed_coefficient_are_skipped() {
        let scans = vec![scan((0, 0), 0, 0), scan((1, 5), 0, 0), scan((6, 63), 0, 0)];
        assert_eq!(needed_at(Scale::Quarter, scans.clone()), [true, true, false]);
        assert_eq!(needed_at(Scale::Half, scans), [true, true, true]);
    }

    #[test]
    fn a_needed_refinement_needs_what_it_refines() {
        let scans = vec![scan((0, 0), 0, 0), scan((1, 5), 0, 1), scan((6, 63), 0, 1), scan((1, 63), 1, 0)];
        assert_eq!(needed_at(Scale::Quarter, scans), [true; 4]);
    }

    #[test]
    fn refinements_of_ac_are_passed_over_when_coarse_ones_are_enough() {
        let scans =
            vec![scan((0, 0), 0, 1), scan((1, 5), 0, 2), scan((6, 63), 0, 2), scan((1, 63), 2, 1), scan((0, 0), 1, 0)];
        assert_eq!(needed_with(Scale::Quarter, scans.clone(), true), [true, true, false, false, true]);
        assert_eq!(needed_with(Scale::Full, scans.clone(), true), [true, true, true, false, true]);
        assert_eq!(needed_at(Scale::Quarter, scans), [true; 5]);
    }
}
