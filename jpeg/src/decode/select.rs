//! Which scans of a progressive file a scale needs.
//!
//! A scan is needed if its band starts at or before the last coefficient that
//! is. One that refines tells by the coefficients so far which bits follow, so
//! it needs every earlier scan its band touches.

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
        // scans of the DC are always needed, and are nobody else's business
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
    is_complete_to(header, layout, 63)
}

/// The same for the coefficients up to a zigzag index.
pub(crate) fn is_complete_to(header: &Header<'_>, layout: &Layout, last: usize) -> bool {
    (0..).zip(&layout.components).all(|(index, c)| {
        let of_component = header.scans.iter().filter(|s| s.components.contains(&index) && s.low == 0);
        let complete = of_component.fold(0, |bits, scan| bits | bits_of(scan.band.0.into(), scan.band.1.into()));
        let needed = bits_of(0, last_needed(c.kernel.needs()).min(last));
        needed & !complete == 0
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
