//! Resampling of any geometry.

use deckle_resample::{Filter, Resampler, Span};

use crate::bytes::Bytes;
use crate::memory::peak;

/// How far filters may go beyond samples that differ by 1.
const OVERSHOOT: u8 = 2;

/// Resamples a plane, spans over its edges included. A flat plane stays flat, one of two values near them; memory is what
/// was said.
pub fn resample(data: &[u8]) {
    let mut bytes = Bytes::new(data);
    let mut side = || usize::from(bytes.byte()) + 1;
    let (from, to) = ((side(), side()), (side(), side()));
    let spans = (span(&mut bytes, from.0), span(&mut bytes, from.1));
    let filter = bytes.one_of(&[Filter::Lanczos3, Filter::Linear]);
    let ahead = usize::from(bytes.byte() % 40);
    let flat = bytes.flag();
    let narrow = bytes.flag();
    let samples = bytes.rest();
    let first = samples.first().copied().unwrap_or(255);
    let near = first.saturating_sub(OVERSHOOT)..=first.saturating_add(1 + OVERSHOOT);

    let promised = Resampler::memory(from, spans, to, filter, ahead);
    let mut line = vec![first; from.0];
    let mut out = vec![0; to.0];
    let mut source = samples.iter().copied().cycle();
    let (pulled, took) = peak(|| {
        let mut resampler = Resampler::new(from, spans, to, filter);
        let (mut pushed, mut pulled) = (0, 0);
        loop {
            while resampler.pull(&mut out) {
                pulled += 1;
                assert!(!flat || out.iter().all(|&v| v == first), "flat {first} became {out:?}");
                assert!(!narrow || out.iter().all(|v| near.contains(v)), "{first} and one more became {out:?}");
            }
            if pushed == from.1 {
                break;
            }
            for _ in 0..(1 + ahead).min(from.1 - pushed) {
                if !flat && !samples.is_empty() {
                    let mut next = || source.next().unwrap_or(0);
                    line.fill_with(|| if narrow { first.saturating_add(next() & 1) } else { next() });
                }
                resampler.push(&line);
                pushed += 1;
            }
        }
        pulled
    });
    assert!(took <= promised, "{took} bytes, promised {promised} of {from:?} {spans:?} {to:?} {filter:?} {ahead}");
    assert_eq!(pulled, to.1);
}

/// Within the side or over its edges, a fraction of a sample or many times all.
fn span(bytes: &mut Bytes<'_>, side: usize) -> Span {
    let side = side as f64;
    let unit = 1.0 / f64::from(bytes.one_of(&[1_u16, 3, 64, 1000, 65535]));
    let start = f64::from(bytes.u16() as i16) * unit;
    let length = f64::from(bytes.u16()) * unit;
    match bytes.byte() % 3 {
        0 => Span { start: 0.0, length: side },
        1 => {
            let start = start.rem_euclid(side);
            Span { start, length: length.min(side - start).max(1e-3) }
        }
        _ => Span { start, length: length.max(unit) },
    }
}
