//! The decoder against libjpeg-turbo, over samplings, restarts, scripts, sizes.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::*;
use deckle_jpeg::{ChromaScale, Options, Scale};
use libjpeg_turbo_rs::{ColorSpace, Decoder, ScalingFactor, ScanScript, Subsampling};

const SAMPLINGS: [Subsampling; 6] =
    [Subsampling::S444, Subsampling::S422, Subsampling::S420, Subsampling::S440, Subsampling::S411, Subsampling::S441];

fn sizes() -> Vec<(usize, usize)> {
    if thorough() {
        return (1..=65).flat_map(|h| (1..=65).map(move |w| (w, h))).collect();
    }
    let sides = [1, 2, 7, 8, 9, 15, 16, 17, 31, 33, 40, 64, 65];
    let mut sizes: Vec<_> = sides.iter().map(|&side| (side, 66 - side)).collect();
    sizes.extend([(1, 1), (65, 65), (16, 8), (200, 100)]);
    sizes
}

/// Every scale against the oracle, to the bit.
fn assert_equal(jpeg: &[u8], what: &str) {
    for scale in Scale::ALL {
        let ours = decode(jpeg, scale, &as_turbojpeg());
        assert!(!ours.damaged, "{what} at {scale:?} is called damaged");
        let theirs = match scale {
            Scale::Full => oracle(jpeg, &ours.planes),
            _ => oracle_scaled(jpeg, scale, &ours.planes),
        };
        let difference = largest_difference(&ours.planes, &theirs);
        assert_eq!(difference, 0, "{what} at {scale:?}");
    }
}

#[test]
fn sequential_files_equal_the_oracle() {
    for (w, h) in sizes() {
        let rgb = picture(w, h);
        for sampling in SAMPLINGS {
            for restart in [0, 1, 3] {
                let optimised = (w + h + usize::from(restart)).is_multiple_of(2);
                let jpeg = encoder(&rgb, w, h)
                    .subsampling(sampling)
                    .restart_blocks(restart)
                    .optimize_huffman(optimised)
                    .encode()
                    .unwrap();
                assert_equal(&jpeg, &format!("{w}×{h} {sampling:?} restart {restart}"));
            }
        }
    }
}

#[test]
fn progressive_files_equal_the_oracle() {
    for (w, h) in sizes() {
        let rgb = picture(w, h);
        for sampling in SAMPLINGS {
            for restart in [0, 2] {
                let jpeg = encoder(&rgb, w, h)
                    .subsampling(sampling)
                    .progressive(true)
                    .restart_blocks(restart)
                    .encode()
                    .unwrap();
                assert_equal(&jpeg, &format!("{w}×{h} {sampling:?} restart {restart}"));
            }
        }
    }
}

fn script(scans: &[(&[u8], u8, u8, u8, u8)]) -> Vec<ScanScript> {
    scans
        .iter()
        .map(|&(components, ss, se, ah, al)| ScanScript { components: components.to_vec(), ss, se, ah, al })
        .collect()
}

fn scripts() -> Vec<Vec<ScanScript>> {
    let all: &[u8] = &[0, 1, 2];
    vec![
        // spectral selection only
        script(&[
            (all, 0, 0, 0, 0),
            (&[0], 1, 2, 0, 0),
            (&[0], 3, 63, 0, 0),
            (&[1], 1, 4, 0, 0),
            (&[1], 5, 63, 0, 0),
            (&[2], 1, 63, 0, 0),
        ]),
        // deep successive approximation, components apart
        script(&[
            (&[0], 0, 0, 0, 2),
            (&[1], 0, 0, 0, 1),
            (&[2], 0, 0, 0, 0),
            (&[0], 0, 0, 2, 1),
            (&[1], 0, 0, 1, 0),
            (&[0], 1, 63, 0, 0),
            (&[0], 0, 0, 1, 0),
            // without ACs it would be smoothed
            (&[1], 1, 63, 0, 0),
            (&[2], 1, 63, 0, 0),
        ]),
        script(&[
            (all, 0, 0, 0, 1),
            (&[0], 1, 63, 0, 3),
            (&[1], 1, 63, 0, 1),
            (&[2], 1, 63, 0, 0),
            (&[0], 1, 63, 3, 2),
            (&[0], 1, 63, 2, 1),
            (&[1], 1, 63, 1, 0),
            (all, 0, 0, 1, 0),
            (&[0], 1, 63, 1, 0),
        ]),
    ]
}

#[test]
fn progressive_scripts_equal_the_oracle() {
    for (i, script) in scripts().into_iter().enumerate() {
        for (w, h) in [(65, 33), (8, 8), (130, 70)] {
            let rgb = picture(w, h);
            for sampling in SAMPLINGS {
                let jpeg = encoder(&rgb, w, h)
                    .subsampling(sampling)
                    .progressive(true)
                    .scan_script(script.clone())
                    .encode()
                    .unwrap();
                assert_equal(&jpeg, &format!("script {i} {w}×{h} {sampling:?}"));
            }
        }
    }
}

#[test]
fn grey_files_equal_the_oracle() {
    for (w, h) in sizes() {
        let rgb = picture(w, h);
        for progressive in [false, true] {
            let jpeg = encoder(&rgb, w, h)
                .grayscale_from_color(true)
                .progressive(progressive)
                .restart_rows(1)
                .encode()
                .unwrap();
            assert_equal(&jpeg, &format!("grey {w}×{h} progressive {progressive}"));
        }
    }
}

/// With libjpeg's rule for chroma, planes of 4:2:0 have one size at 1/2 and below:
/// those of the oracle's whole decoder, before colour conversion.
#[test]
fn matched_chroma_equals_the_oracle() {
    for (w, h) in sizes() {
        let rgb = picture(w, h);
        for (progressive, scale) in
            [false, true].into_iter().flat_map(|p| [Scale::Eighth, Scale::Quarter, Scale::Half].map(|s| (p, s)))
        {
            let jpeg = encoder(&rgb, w, h).subsampling(Subsampling::S420).progressive(progressive).encode().unwrap();
            let options = Options { chroma: ChromaScale::Match, ..as_turbojpeg() };
            let ours = decode(&jpeg, scale, &options).planes;
            let mut decoder = Decoder::new(&jpeg).unwrap();
            decoder.set_scale(ScalingFactor::try_new(1, 8 / scale.side()).unwrap());
            decoder.set_output_colorspace(ColorSpace::YCbCr);
            let theirs = decoder.decode_image().unwrap();
            assert_eq!((ours[0].width, ours[0].height), (theirs.width, theirs.height));
            let bytes: Vec<u8> =
                (0..ours[0].samples.len()).flat_map(|i| [0, 1, 2].map(|c: usize| ours[c].samples[i])).collect();
            assert!(bytes == theirs.data, "{w}×{h} {scale:?} progressive {progressive}");
        }
    }
}

/// Sequential scans keep the low coefficients only, progressive ones all.
#[test]
fn sequential_and_progressive_files_decode_alike() {
    for (w, h) in sizes() {
        let rgb = picture(w, h);
        for sampling in SAMPLINGS {
            let encode = |progressive: bool| {
                let encoder = encoder(&rgb, w, h).subsampling(sampling);
                encoder.progressive(progressive).encode().unwrap()
            };
            let (sequential, progressive) = (encode(false), encode(true));
            for scale in Scale::ALL {
                let options = Options::default();
                let (a, b) = (decode(&sequential, scale, &options), decode(&progressive, scale, &options));
                assert!(a == b, "{w}×{h} {sampling:?} {scale:?}");
            }
        }
    }
}

/// The low-pass reduction is the inverse transform of the low coefficients.
#[test]
fn the_low_pass_reduction_is_within_one_of_its_definition() {
    let (w, h) = (64, 48);
    let rgb = picture(w, h);
    let jpeg = encoder(&rgb, w, h).encode().unwrap();
    let coefficients = libjpeg_turbo_rs::read_coefficients(&jpeg).unwrap();
    let luma = &coefficients.components[0];
    let steps = &coefficients.quant_tables[usize::from(luma.quant_table_index)];
    for (scale, n) in [(Scale::Quarter, 2), (Scale::Half, 4)] {
        let ours = decode(&jpeg, scale, &Options::default());
        for y in 0..h * n / 8 {
            for x in 0..w * n / 8 {
                let block = &luma.blocks[y / n * luma.blocks_x + x / n];
                let mut value = 128.0;
                for (v, u) in (0..n).flat_map(|v| (0..n).map(move |u| (v, u))) {
                    let k = ZIGZAG[v][u];
                    let dequantised = f64::from(block[k]) * f64::from(steps[v * 8 + u]);
                    value += dequantised * basis(y % n, v, n) * basis(x % n, u, n) / 4.0;
                }
                let got = f64::from(ours.planes[0].samples[y * (w * n / 8) + x]);
                let difference = (got - value.clamp(0.0, 255.0)).abs();
                assert!(difference <= 1.0, "{difference} at {x},{y} {scale:?}");
            }
        }
    }
}

/// Zigzag index of the low coefficients.
const ZIGZAG: [[usize; 4]; 4] = [[0, 1, 5, 6], [2, 4, 7, 13], [3, 8, 12, 17], [9, 11, 18, 24]];

fn basis(at: usize, k: usize, n: usize) -> f64 {
    if k == 0 {
        return std::f64::consts::FRAC_1_SQRT_2;
    }
    let angle = (2 * at + 1) as f64 * k as f64 / (2 * n) as f64;
    (angle * std::f64::consts::PI).cos()
}

/// Luma and chroma at scales of their own are what they are when all have that scale.
#[test]
fn chroma_at_a_scale_of_its_own_is_that_scale() {
    let (w, h) = (61, 43);
    let rgb = picture(w, h);
    for (sampling, progressive) in SAMPLINGS.into_iter().flat_map(|s| [(s, false), (s, true)]) {
        let jpeg = encoder(&rgb, w, h).subsampling(sampling).progressive(progressive).encode().unwrap();
        for (luma, chroma) in Scale::ALL.into_iter().flat_map(|l| Scale::ALL.map(|c| (l, c))) {
            let both = decode(&jpeg, luma, &Options { chroma: ChromaScale::At(chroma), ..Options::default() }).planes;
            for (i, scale) in [luma, chroma, chroma].into_iter().enumerate() {
                let alone = decode(&jpeg, scale, &Options { chroma: ChromaScale::Same, ..Options::default() }).planes;
                assert!(both[i] == alone[i], "{sampling:?} progressive {progressive} {luma:?} {chroma:?} plane {i}");
            }
        }
    }
}
