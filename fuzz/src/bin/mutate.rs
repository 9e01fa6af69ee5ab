//! Fuzzing where there is no nightly Rust: changes seeds at random and runs a target's body over them, without coverage to guide it.
//!
//!     cargo run --release --manifest-path fuzz/Cargo.toml --bin mutate -- decode 120 fixtures/*.jpg
//!
//! What makes the target panic is written to `mutate-TARGET.bin` in the working directory.

use std::panic::catch_unwind;
use std::time::{Duration, Instant};

type Target = (&'static str, fn(&[u8]));

const TARGETS: [Target; 4] = [
    ("header", deckle_fuzz::header),
    ("decode", deckle_fuzz::decode),
    ("decode_scaled", deckle_fuzz::decode_scaled),
    ("transform", deckle_fuzz::transform),
];

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 31
    }

    fn below(&mut self, n: usize) -> usize {
        self.next() as usize % n.max(1)
    }
}

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().expect("a target");
    let seconds = arguments.next().and_then(|seconds| seconds.parse().ok()).expect("seconds");
    let (_, target) = TARGETS.into_iter().find(|(known, _)| *known == name).expect("a target that is known");
    let seeds: Vec<Vec<u8>> = arguments.map(std::fs::read).collect::<Result<_, _>>()?;
    assert!(!seeds.is_empty(), "seeds");
    let end = Instant::now() + Duration::from_secs(seconds);
    let started = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(1, |time| time.as_nanos());
    let mut random = Random(started as u64);
    let mut runs = 0u64;
    while Instant::now() < end {
        let input = mutated(&seeds, &mut random);
        runs += 1;
        if catch_unwind(|| target(&input)).is_err() {
            std::fs::write(format!("mutate-{name}.bin"), &input)?;
            println!("{name}: found after {runs} runs");
            std::process::exit(1);
        }
    }
    println!("{name}: nothing in {runs} runs");
    Ok(())
}

/// A seed with some bytes changed, parts moved or taken from another seed, or its end cut off.
fn mutated(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut bytes = seeds[random.below(seeds.len())].clone();
    let magnitude = random.below(6);
    for _ in 0..1 + random.below(1 << magnitude) {
        if bytes.is_empty() {
            break;
        }
        // headers at the start and choices at the end decide the most
        let at = match random.below(3) {
            0 => random.below(bytes.len().min(700)),
            1 => bytes.len() - 1 - random.below(bytes.len().min(16)),
            _ => random.below(bytes.len()),
        };
        match random.below(9) {
            0 => bytes[at] = 0xFF,
            1 => bytes[at] = 0xD0 + random.below(16) as u8,
            2 => bytes[at] ^= 1 << random.below(8),
            3 | 4 => bytes[at] = random.next() as u8,
            5 => bytes.truncate(at),
            6 => drop(bytes.drain(at..(at + random.below(40)).min(bytes.len()))),
            7 => {
                // SOF, DHT, DAC, RST, SOI, EOI, SOS, DQT, DNL, DRI
                let marker = 0xC0 + random.below(32) as u8;
                bytes.splice(at..at, [0xFF, marker]);
            }
            _ => {
                let other = &seeds[random.below(seeds.len())];
                let from = random.below(other.len());
                let part = &other[from..(from + random.below(200)).min(other.len())];
                bytes.splice(at..at, part.iter().copied());
            }
        }
    }
    bytes
}
