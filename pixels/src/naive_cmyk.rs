//! CMYK to RGB by arithmetic alone, as browsers do it.

/// CMYK, 255 for full ink, to RGB, as if inks were ideal filters: R = (255 − C)(255 − K) / 255. As many pixels as both rows hold.
#[inline(never)]
pub fn naive_cmyk(inks: &[u8], rgb: &mut [u8]) {
    for (rgb, &[c, m, y, k]) in rgb.as_chunks_mut::<3>().0.iter_mut().zip(inks.as_chunks::<4>().0) {
        let white = 255 - u32::from(k);
        *rgb = [c, m, y].map(|ink| (((255 - u32::from(ink)) * white + 127) / 255) as u8);
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn inks_filter_white() {
        let mut rgb = [9; 12];
        super::naive_cmyk(&[0, 0, 0, 0, 0, 255, 0, 0, 128, 0, 255, 128, 1, 2, 3, 255], &mut rgb);
        assert_eq!(rgb, [255, 255, 255, 255, 0, 255, 63, 127, 0, 0, 0, 0]);
    }
}
