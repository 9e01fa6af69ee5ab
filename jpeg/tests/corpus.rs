//! The decoder against libjpeg-turbo over every sampling, restart interval,
//! script of scans and size: coefficients of our own, in files of our own writing.
//! `JPEG_THOROUGH` takes all sizes from 1 × 1 to 65 × 65.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::writer::{Pass, Writer};
use common::*;
use deckle_jpeg::{Options, Scale};

/// Sampling factors of each component; those whose MCU would have more than the
/// 10 blocks that T.81 allows come in scans of single components.
fn samplings() -> Vec<Vec<(u8, u8)>> {
    let luma = [1, 2, 4].into_iter().flat_map(|h| [1, 2, 4].map(|v| (h, v)));
    let luma = luma.chain([(3, 1), (1, 3), (3, 2), (2, 3), (3, 3)]);
    let mut all: Vec<Vec<_>> = luma.map(|luma| vec![luma, (1, 1), (1, 1)]).collect();
    all.extend([
        vec![(1, 1)],
        vec![(1, 1), (2, 2), (2, 2)],
        vec![(1, 1), (2, 1), (1, 2)],
        vec![(2, 1), (1, 2), (2, 2)],
        vec![(1, 2), (4, 1), (1, 1)],
        vec![(2, 2), (2, 2), (1, 1)],
        vec![(2, 2), (1, 1), (1, 1), (2, 2)],
    ]);
    all
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Script {
    Sequential,
    SequentialApart,
    Standard,
    SpectralSelection,
    SuccessiveApproximation,
    DcFirst,
    ManyRefinements,
    DcApart,
}

const SCRIPTS: [Script; 8] = [
    Script::Sequential,
    Script::SequentialApart,
    Script::Standard,
    Script::SpectralSelection,
    Script::SuccessiveApproximation,
    Script::DcFirst,
    Script::ManyRefinements,
    Script::DcApart,
];

fn pass(components: &[usize], band: (usize, usize), high: u8, low: u8) -> Pass {
    Pass { components: components.to_vec(), band, high, low }
}

/// Whether the scans fit the sampling; they are written to `writer` if so.
fn set(writer: &mut Writer, script: Script) -> bool {
    let count = writer.components.len();
    let blocks: u8 = writer.components.iter().map(|c| c.h * c.v).sum();
    let apart = matches!(script, Script::SequentialApart | Script::DcApart);
    if count > 1 && blocks > 10 && !apart {
        return false;
    }
    let all: Vec<usize> = (0..count).collect();
    let each = |band, high, low| all.iter().map(move |&c| pass(&[c], band, high, low));
    let ac = (1, 63);
    writer.script = match script {
        Script::Sequential => Vec::new(),
        Script::SequentialApart => {
            writer.scans = all.iter().map(|&c| vec![c]).collect();
            Vec::new()
        }
        // libjpeg's: luma's low band first, all by one bit, then by the last
        Script::Standard => {
            let mut passes = vec![pass(&all, (0, 0), 0, 1), pass(&[0], (1, 5), 0, 2)];
            passes.extend(all.iter().skip(1).rev().map(|&c| pass(&[c], ac, 0, 1)));
            passes.extend([pass(&[0], (6, 63), 0, 2), pass(&[0], ac, 2, 1), pass(&all, (0, 0), 1, 0)]);
            passes.extend(all.iter().rev().map(|&c| pass(&[c], ac, 1, 0)));
            passes
        }
        Script::SpectralSelection => {
            let bands = [(1, 1), (2, 5), (6, 20), (21, 62), (63, 63)];
            let bands = bands.into_iter().flat_map(|band| each(band, 0, 0));
            [pass(&all, (0, 0), 0, 0)].into_iter().chain(bands).collect()
        }
        Script::SuccessiveApproximation => {
            let first = [pass(&all, (0, 0), 0, 1)].into_iter().chain(each(ac, 0, 1));
            first.chain([pass(&all, (0, 0), 1, 0)]).chain(each(ac, 1, 0)).collect()
        }
        Script::DcFirst => [pass(&all, (0, 0), 0, 0)].into_iter().chain(each(ac, 0, 0)).collect(),
        Script::ManyRefinements => {
            let mut passes = vec![pass(&all, (0, 0), 0, 6)];
            passes.extend(each((1, 9), 0, 7).chain(each((10, 63), 0, 5)));
            for low in (0..7).rev() {
                passes.extend((low < 6).then(|| pass(&all, (0, 0), low + 1, low)));
                passes.extend(each((1, 9), low + 1, low));
                passes.extend(each((10, 63), low + 1, low).filter(|_| low < 5));
            }
            passes
        }
        Script::DcApart => {
            let dc = each((0, 0), 0, 3).chain((0..3).rev().flat_map(|low| each((0, 0), low + 1, low)));
            dc.chain(each(ac, 0, 2)).chain(each(ac, 2, 1)).chain(each(ac, 1, 0)).collect()
        }
    };
    true
}

fn sizes() -> Vec<(u16, u16)> {
    if thorough() {
        return (1..=65).flat_map(|h| (1..=65).map(move |w| (w, h))).collect();
    }
    vec![(1, 1), (65, 65), (8, 17), (33, 7), (16, 64)]
}

/// Every file decodes as the oracle has it; and, at all scales, as the
/// sequential file of the same coefficients.
#[test]
fn generated_files_equal_the_oracle() {
    let (mut compared, mut refused) = (0, 0);
    for (w, h) in sizes() {
        for (i, sampling) in samplings().into_iter().enumerate() {
            let mut plain = Writer::new(w, h, &sampling, i as u64 + u64::from(w) * 65 + u64::from(h));
            // sums beyond 16 bits, which no encoder makes, are anybody's guess
            plain.steps = [3; 64];
            let same = Scale::ALL.map(|scale| decode(&plain.write(), scale, &Options::default()));
            for script in SCRIPTS {
                for restart in 0..4 {
                    let mut writer = plain.clone();
                    if !set(&mut writer, script) {
                        continue;
                    }
                    writer.restart = [0, 1, 3, 0][restart];
                    writer.restart_rows = restart == 3;
                    let what = format!("{w}×{h} {sampling:?} {script:?} restart {restart}");
                    let jpeg = writer.write();
                    // one scale each time, all in turn
                    let at = (restart + i + usize::from(w + h)) % Scale::ALL.len();
                    let full = Scale::ALL.len() - 1;
                    assert!(decode(&jpeg, Scale::ALL[at], &Options::default()) == same[at], "{what} at {at}");
                    let ours = if at == full {
                        &same[full].planes
                    } else {
                        &decode(&jpeg, Scale::Full, &Options::default()).planes
                    };
                    assert!(at == full || *ours == same[full].planes, "{what}");
                    let Ok(_) = libjpeg_turbo_rs::decompress_raw(&jpeg) else {
                        refused += 1;
                        continue;
                    };
                    assert_eq!(largest_difference(ours, &oracle(&jpeg, ours)), 0, "{what}");
                    compared += 1;
                }
            }
        }
    }
    println!("{compared} files equal the oracle's, which refuses {refused}");
    assert!(compared > 10 * refused);
}
