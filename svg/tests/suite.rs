//! resvg's own tests: drawings, each beside the picture that resvg makes of it. They are not a part of this project:
//! `RESVG_TESTS=…/crates/resvg/tests/tests` names them, and without it nothing is compared.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::path::{Path, PathBuf};

use deckle_svg::{Picture, Pictures, View, draw, facts};

struct Blind;

impl Pictures for Blind {
    fn decoded(&self, _: &[u8], _: (u32, u32), _: u64) -> Result<Option<Picture>, u64> {
        Ok(None)
    }
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|e| e == "svg") {
            found.push(path);
        }
    }
}

fn reference(path: &Path) -> Option<(u32, u32, Vec<u8>)> {
    let mut decoder = png::Decoder::new(std::io::BufReader::new(std::fs::File::open(path).ok()?));
    decoder.set_transformations(png::Transformations::normalize_to_color8() | png::Transformations::ALPHA);
    let mut reader = decoder.read_info().ok()?;
    let mut data = vec![0; reader.output_buffer_size()?];
    let info = reader.next_frame(&mut data).ok()?;
    let data = match info.color_type {
        png::ColorType::GrayscaleAlpha => data.as_chunks::<2>().0.iter().flat_map(|&[v, a]| [v, v, v, a]).collect(),
        _ => data,
    };
    Some((info.width, info.height, data))
}

/// The mean difference of samples, of what shows of them.
fn difference(a: &[u8], b: &[u8]) -> f64 {
    let shown =
        |p: &[u8; 4], c: usize| if c == 3 { f64::from(p[3]) } else { f64::from(p[c]) * f64::from(p[3]) / 255.0 };
    let pairs = a.as_chunks::<4>().0.iter().zip(b.as_chunks::<4>().0);
    let sum: f64 = pairs.map(|(a, b)| (0..4).map(|c| (shown(a, c) - shown(b, c)).abs()).sum::<f64>()).sum();
    sum / a.len() as f64
}

#[test]
fn drawings_of_resvgs_suite_look_as_resvg_draws_them() {
    let Some(folder) = std::env::var_os("RESVG_TESTS") else {
        println!("RESVG_TESTS is not set: nothing is compared");
        return;
    };
    let mut all = Vec::new();
    files(Path::new(&folder), &mut all);
    all.sort();
    let (mut compared, mut alike, mut refused) = (0, 0, 0);
    for path in &all {
        let bytes = std::fs::read(path).unwrap();
        let name = path.strip_prefix(&folder).unwrap().display().to_string();
        // in other fonts than there are
        if name.starts_with("text/") {
            continue;
        }
        let Some((width, height, wanted)) = reference(&path.with_extension("png")) else { continue };
        let view = View { x: 0.0, y: 0.0, width: 1.0, height: 1.0, to: (width, height) };
        compared += 1;
        let drawn = facts(&bytes).and_then(|_| draw(&bytes, view, 64 << 20, &Blind));
        match drawn {
            Err(error) => {
                refused += 1;
                println!("{name}: {error}");
            }
            Ok(drawn) => {
                let difference = difference(&drawn.rgba, &wanted);
                if difference <= 0.5 {
                    alike += 1;
                } else {
                    println!("{name}: {difference:.2}");
                }
            }
        }
    }
    println!("{compared} compared, {alike} alike, {refused} refused");
    assert!(compared > 1000 && alike * 100 >= compared * 88, "{alike} of {compared}");
}
