//! What the decoder allocates stays below what the header says, also for images
//! so small that tables are most of it.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::writer::{Pass, Writer};
use deckle_jpeg::{Decoder, Header, Options, Reduction, Scale};
use deckle_testkit::peak;

fn assert_bound(jpeg: &[u8], what: &str) {
    let header = Header::parse(jpeg).unwrap();
    for (scale, reduction) in Scale::ALL.into_iter().flat_map(|s| [(s, Reduction::LowPass), (s, Reduction::Average)]) {
        let options = Options { reduction, ..Options::default() };
        let promised = deckle_jpeg::decoder_memory(&header, scale, &options);
        let (_, took) = peak(|| {
            let mut decoder = Decoder::new(&header, scale, &options).unwrap();
            while decoder.next_rows().is_some() {}
        });
        assert!(took <= promised, "{what} {scale:?} {reduction:?}: {took} bytes, promised {promised}");
    }
}

#[test]
fn memory_is_an_upper_bound() {
    for sampling in [&[(1, 1)][..], &[(1, 1); 3], &[(2, 2), (1, 1), (1, 1)], &[(1, 1); 4]] {
        for (w, h) in [(1, 1), (40, 30), (320, 240)] {
            let mut writer = Writer::new(w, h, sampling, 1);
            let mut jpeg = writer.write();
            assert_bound(&jpeg, &format!("{sampling:?} {w}×{h}"));
            // read as arithmetic coding, the data mean something else, and take as much memory
            let frame = jpeg.windows(2).position(|two| two == [0xFF, 0xC0]).unwrap();
            jpeg[frame + 1] = 0xC9;
            assert_bound(&jpeg, &format!("{sampling:?} {w}×{h} arithmetic"));
            jpeg[frame + 1] = 0xC3;
            let scan = jpeg.windows(2).position(|two| two == [0xFF, 0xDA]).unwrap();
            jpeg[scan + 5 + 2 * sampling.len()..][..3].copy_from_slice(&[1, 0, 0]);
            assert_bound(&jpeg, &format!("{sampling:?} {w}×{h} lossless"));
            writer.huffman_segments = false;
            assert_bound(&writer.write(), &format!("{sampling:?} {w}×{h} without tables"));
            writer.huffman_segments = true;
            let all: Vec<usize> = (0..sampling.len()).collect();
            let pass =
                |components: &[usize], band, high, low| Pass { components: components.to_vec(), band, high, low };
            writer.script = vec![pass(&all, (0, 0), 0, 0)];
            for band in [(1, 1), (2, 9), (10, 63)] {
                writer.script.extend(all.iter().map(|&c| pass(&[c], band, 0, 1)));
                writer.script.extend(all.iter().map(|&c| pass(&[c], band, 1, 0)));
            }
            assert_bound(&writer.write(), &format!("{sampling:?} {w}×{h} progressive"));
            writer.script.truncate(1);
            assert_bound(&writer.write(), &format!("{sampling:?} {w}×{h} progressive, DC alone"));
        }
    }
}
