//! Every fixture, cut short and with bytes changed: an image or an error with a code, never a panic.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::path::{Path, PathBuf};

use common::Random;
use deckle::edit::Edits;
use deckle::{Image, Limits, transform};

const CUTS: usize = 200;
const FLIPS: usize = 500;

fn fixtures(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let of_images =
        |path: &PathBuf| path.extension().is_some_and(|e| ["jpg", "png", "webp", "gif", "svg"].iter().any(|f| e == *f));
    let mut paths: Vec<PathBuf> = entries.filter(of_images).collect();
    paths.sort();
    paths
}

/// Whether it became an image.
fn answer(bytes: &[u8]) -> bool {
    let edits = Edits { width: Some(24), ..Edits::default() };
    // what a changed byte makes large need not be worked through
    let limits = Limits { source_pixels: 1 << 21, ..Limits::default() };
    let made = Image::open(bytes).and_then(|image| transform(&image, &image.plan(&edits, &limits)?, &mut |_| ()));
    match made {
        Ok(output) => {
            assert_eq!(Image::open(&output.bytes).unwrap().info().size, output.size);
            true
        }
        Err(error) => {
            assert!(!error.code().is_empty());
            false
        }
    }
}

// of formats that other crates decode, which take long unoptimised, a fifth will do
fn share(path: &Path) -> usize {
    let ours = path.extension().is_some_and(|e| e == "jpg");
    if ours || std::env::var_os("DECKLE_THOROUGH").is_some() { 1 } else { 5 }
}

#[test]
fn mutated_fixtures_are_images_or_errors() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures"));
    let mut random = Random(7);
    for path in fixtures(folder).into_iter().chain(fixtures(&folder.join("faults"))) {
        let source = std::fs::read(&path).unwrap();
        let (cuts, flips) = (CUTS / share(&path), if source.is_empty() { 0 } else { FLIPS / share(&path) });
        let mut images = 0;
        for i in 0..cuts {
            images += usize::from(answer(&source[..source.len() * i / cuts]));
        }
        for _ in 0..flips {
            let mut bytes = source.clone();
            let at = random.below(bytes.len() as u64) as usize;
            bytes[at] ^= random.within(1, 255) as u8;
            images += usize::from(answer(&bytes));
        }
        println!("{}: {images} of {} are images", path.display(), cuts + flips);
    }
}
