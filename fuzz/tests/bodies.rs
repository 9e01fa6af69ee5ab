//! Every target over small fixtures, mutations of them, and arbitrary bytes.

use std::path::Path;

type Target = (&'static str, fn(&[u8]));

const TARGETS: [Target; 6] = [
    ("header", deckle_fuzz::header),
    ("decode", deckle_fuzz::decode),
    ("decode_scaled", deckle_fuzz::decode_scaled),
    ("encode_decode", deckle_fuzz::encode_decode),
    ("resample", deckle_fuzz::resample),
    ("transform", deckle_fuzz::transform),
];

const ROUNDS: usize = 40;

struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }
}

#[test]
fn targets_find_nothing() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures"));
    let names = [
        "arithmetic.jpg",
        "arithmetic-progressive.jpg",
        "grey.jpg",
        "lossless.jpg",
        "orientation-6.jpg",
        "progressive.jpg",
        "separate-scans.jpg",
        "faults/png-named.jpg",
        "alpha.webp",
        "lossless.webp",
        "animation.gif",
        "animation.png",
        "animation.webp",
    ];
    let fixture = |name: &str| std::fs::read(folder.join(name)).expect("a fixture");
    let fixtures = names.map(fixture).into_iter();
    let seeds: Vec<Vec<u8>> = fixtures.chain(deckle_fuzz::pictures().into_iter().map(|(_, file)| file)).collect();
    let mut random = Random(1);
    for (name, target) in TARGETS {
        for seed in &seeds {
            target(seed);
            for _ in 0..ROUNDS / 4 {
                let mut bytes = seed.clone();
                bytes.truncate(random.below(seed.len()) + seed.len() / 2);
                // choices stand at the end, headers at the start
                for at in [random.below(600), random.below(bytes.len()), bytes.len() - 1 - random.below(32)] {
                    let at = at.min(bytes.len() - 1);
                    bytes[at] = random.below(256) as u8;
                }
                target(&bytes);
            }
        }
        for _ in 0..ROUNDS {
            let length = random.below(400);
            let bytes: Vec<u8> = (0..length).map(|_| random.below(256) as u8).collect();
            target(&bytes);
        }
        println!("{name}: nothing");
    }
}

#[test]
fn pictures_written_here_are_opened() {
    for (name, file) in deckle_fuzz::pictures() {
        let image = deckle::Image::open(&file).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((image.info().size.width, image.info().size.height), (9, 9), "{name}");
    }
}
