//! Numbers and words: read, and spelled in one way.

use crate::image::Word;

/// Digits of a number of ten-thousandths, without zeros that say nothing.
pub fn spelled(n: u32) -> String {
    let (whole, places) = (n / 10_000, format!("{:04}", n % 10_000));
    match places.trim_end_matches('0') {
        "" => whole.to_string(),
        places => format!("{whole}.{places}"),
    }
}

/// The canonical word for a word or one of its aliases.
pub fn word(words: &[Word], text: &str) -> Option<&'static str> {
    words.iter().find(|(word, aliases)| *word == text || aliases.contains(&text)).map(|w| w.0)
}

/// Reads up to nine digits.
#[inline(never)]
pub fn integer(text: &str) -> Option<u32> {
    let digits = (1..=9).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// Reads digits with at most `places` (≤ 4) decimals, in ten-thousandths.
#[inline(never)]
pub fn decimal(text: &str, places: u32) -> Option<u32> {
    let (whole, fraction) = match text.split_once('.') {
        Some((_, "")) => return None,
        Some((whole, fraction)) => (whole, fraction),
        None => (text, ""),
    };
    let whole = integer(whole)?;
    if fraction.len() > places as usize || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let fraction: u32 = format!("{fraction:0<4}").parse().ok()?;
    whole.checked_mul(10_000)?.checked_add(fraction)
}
