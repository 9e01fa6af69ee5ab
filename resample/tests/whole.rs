//! Line by line against the whole image at once: the exact sum in floating point, and `fast_image_resize`.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use deckle_resample::{Filter, Resampler, Span, WideResampler};
use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};

struct Case {
    from: (usize, usize),
    columns: Span,
    lines: Span,
    to: (usize, usize),
}

fn cases() -> Vec<Case> {
    let all = |length: usize| Span { start: 0.0, length: length as f64 };
    let mut cases = Vec::new();
    for (from, to) in [
        ((100, 80), (50, 40)),
        ((100, 80), (99, 79)),
        ((100, 80), (100, 80)),
        ((100, 80), (7, 80)),
        ((100, 80), (100, 3)),
        ((100, 80), (1, 1)),
        ((100, 80), (170, 222)),
        ((1, 1), (5, 7)),
        ((3, 5), (2, 2)),
        ((9, 300), (20, 11)),
        ((1000, 700), (37, 29)),
    ] {
        cases.push(Case { from, columns: all(from.0), lines: all(from.1), to });
        if from.0 > 4 {
            let columns = Span { start: 1.25, length: from.0 as f64 - 3.5 };
            let lines = Span { start: 2.0, length: from.1 as f64 - 2.75 };
            cases.push(Case { from, columns, lines, to });
        }
    }
    cases
}

/// Edges, gradients and noise.
fn plane((width, height): (usize, usize)) -> Vec<u8> {
    let mut seed = 7_u32;
    let mut sample = |x: usize, y: usize| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        match (x / 16 + y / 16) % 4 {
            0 => (x * 3 + y) as u8,
            1 => (seed >> 24) as u8,
            2 => 255,
            _ => 0,
        }
    };
    (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| sample(x, y)).collect()
}

fn by_lines(case: &Case, plane: &[u8], filter: Filter, ahead: usize) -> Vec<u8> {
    let mut resampler = Resampler::new(case.from, (case.columns, case.lines), case.to, filter);
    let mut lines = plane.chunks(case.from.0);
    let mut out = vec![0; case.to.0 * case.to.1];
    for out in out.chunks_mut(case.to.0) {
        for line in lines.by_ref().take(ahead) {
            resampler.push(line);
        }
        while !resampler.pull(out) {
            resampler.push(lines.next().expect("a line for each that is needed"));
        }
    }
    assert!(!resampler.pull(&mut vec![0; case.to.0]), "no line after the last");
    out
}

/// The definition, both directions at once, in floating point.
fn exact(case: &Case, plane: &[u8], filter: Filter) -> Vec<f64> {
    let axis = |from: usize, span: Span, to: usize| -> Vec<Vec<f64>> {
        let scale = span.length / to as f64;
        let stretch = scale.max(1.0);
        let weight = |x: f64| {
            let sinc = |x: f64| if x == 0.0 { 1.0 } else { x.sin() / x };
            let x = x.abs();
            match filter {
                Filter::Lanczos3 if x < 3.0 => sinc(x * std::f64::consts::PI) * sinc(x * std::f64::consts::PI / 3.0),
                Filter::Linear if x < 1.0 => 1.0 - x,
                _ => 0.0,
            }
        };
        let window = |i: usize| {
            let centre = span.start + (i as f64 + 0.5) * scale;
            let weights: Vec<f64> = (0..from).map(|x| weight((x as f64 + 0.5 - centre) / stretch)).collect();
            let sum: f64 = weights.iter().sum();
            weights.iter().map(|w| w / sum).collect()
        };
        (0..to).map(window).collect()
    };
    let (across, down) = (axis(case.from.0, case.columns, case.to.0), axis(case.from.1, case.lines, case.to.1));
    let rows: Vec<Vec<f64>> = plane
        .chunks(case.from.0)
        .map(|line| across.iter().map(|w| w.iter().zip(line).map(|(w, &s)| w * f64::from(s)).sum()).collect())
        .collect();
    let mut out = Vec::new();
    for weights in &down {
        for x in 0..case.to.0 {
            out.push(weights.iter().zip(&rows).map(|(w, row)| w * row[x]).sum::<f64>().clamp(0.0, 255.0));
        }
    }
    out
}

/// Halved samples and their sum: as near as the samples are to what they stand for, and values out of range are kept.
#[test]
fn samples_with_headroom_are_doubled_at_the_end() {
    for case in cases() {
        let plane = plane(case.from);
        let halved: Vec<u8> = plane.iter().map(|&sample| sample / 2 + 64).collect();
        let whole: Vec<u8> = plane.iter().map(|&sample| sample / 2 * 2).collect();
        let mut resampler =
            Resampler::new(case.from, (case.columns, case.lines), case.to, Filter::Lanczos3).with_headroom();
        let mut out = vec![0; case.to.0];
        let mut made = Vec::new();
        for line in halved.chunks(case.from.0) {
            resampler.push(line);
            while resampler.pull(&mut out) {
                made.extend_from_slice(&out);
            }
        }
        let exact = exact(&case, &whole, Filter::Lanczos3);
        assert_eq!(made.len(), exact.len());
        for (made, exact) in made.iter().zip(exact) {
            let off = (f64::from(*made) - exact).abs();
            assert!(off < 1.0, "{:?} to {:?}: {made}, not {exact}", case.from, case.to);
        }
    }
}

#[test]
fn lines_are_the_exact_sum_to_a_rounding() {
    for filter in [Filter::Lanczos3, Filter::Linear] {
        for case in cases() {
            let plane = plane(case.from);
            let exact = exact(&case, &plane, filter);
            let ours = by_lines(&case, &plane, filter, 0);
            for (ours, exact) in ours.iter().zip(exact) {
                let off = (f64::from(*ours) - exact).abs();
                assert!(off < 0.75, "{filter:?} {:?} to {:?}: {ours}, not {exact}", case.from, case.to);
            }
        }
    }
}

#[test]
fn lines_equal_the_whole_image_path_within_one() {
    for case in cases() {
        // away from black and white: it clamps between the directions, which we do not
        let plane: Vec<u8> = plane(case.from).iter().map(|v| 64 + v / 2).collect();
        let ours = by_lines(&case, &plane, Filter::Lanczos3, 0);
        let source = TypedImageRef::<U8>::from_buffer(case.from.0 as u32, case.from.1 as u32, &plane).unwrap();
        let mut theirs = vec![0; ours.len()];
        let mut target = TypedImage::<U8>::from_buffer(case.to.0 as u32, case.to.1 as u32, &mut theirs).unwrap();
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3)).crop(
            case.columns.start,
            case.lines.start,
            case.columns.length,
            case.lines.length,
        );
        Resizer::new().resize_typed(&source, &mut target, &options).unwrap();
        drop(target);
        let most = ours.iter().zip(&theirs).map(|(a, b)| a.abs_diff(*b)).max();
        assert!(most <= Some(1), "{:?} to {:?}: {most:?}", case.from, case.to);
    }
}

#[test]
fn pushing_ahead_changes_nothing() {
    for case in cases() {
        let plane = plane(case.from);
        let expected = by_lines(&case, &plane, Filter::Lanczos3, 0);
        for ahead in [1, 3, 1000] {
            assert_eq!(by_lines(&case, &plane, Filter::Lanczos3, ahead), expected);
        }
    }
}

#[test]
fn flat_planes_stay_flat() {
    for case in cases() {
        for value in [0, 1, 127, 254, 255] {
            let plane = vec![value; case.from.0 * case.from.1];
            for filter in [Filter::Lanczos3, Filter::Linear] {
                assert!(by_lines(&case, &plane, filter, 0).iter().all(|&v| v == value));
            }
        }
    }
}

#[test]
fn wide_samples_are_within_a_few_65535ths_of_the_exact_sum() {
    for case in cases() {
        let plane = plane(case.from);
        for filter in [Filter::Lanczos3, Filter::Linear] {
            let mut resampler = WideResampler::new(case.from, (case.columns, case.lines), case.to, filter);
            let wide: Vec<u16> = plane.iter().map(|v| u16::from(*v) * 257).collect();
            let mut lines = wide.chunks(case.from.0);
            let mut out = vec![0; case.to.0 * case.to.1];
            for out in out.chunks_mut(case.to.0) {
                while !resampler.pull(out) {
                    resampler.push(lines.next().expect("a line for each that is needed"));
                }
            }
            for (made, exact) in out.iter().zip(exact(&case, &plane, filter)) {
                let exact = exact.clamp(0.0, 255.0) * 257.0;
                // weights have 14 bits at least
                assert!(
                    (f64::from(*made) - exact).abs() < 24.0,
                    "{:?} to {:?}: {made}, not {exact}",
                    case.from,
                    case.to
                );
            }
        }
    }
}
