//! The output's format, and its options.

use super::error;
use super::json::{Json, Members};
use super::reading::Reading;
use super::settled::QUALITIES;
use crate::edit::Edits;
use crate::image::Format;
use crate::request::RequestError;

/// Tells the edits what the output is to be.
pub fn output(edits: &mut Edits, given: &Members, reading: &Reading, output: Option<&str>) -> Result<(), RequestError> {
    if given.get("toFormat").is_some_and(|format| !format.is_truthy()) {
        return Err(error::processing("toFormat", "a format"));
    }
    let is_forced = |options: &Json| options.get("force") != Some(&Json::Flag(false));
    let stated = || {
        // quirk: options for a format make it the output's, the last of several
        let is_written = |name: &str| !matches!(name, "tiff" | "heif");
        let options = given.iter().filter(|(name, options)| {
            // what is not written stays what the source is, as far as that is
            QUALITIES.contains(name) && is_written(name) && is_forced(options)
        });
        options.last().map(|(name, _)| name)
    };
    let asked = output.or_else(stated);
    edits.format = asked.map(format).transpose()?;
    edits.effort = reading.effort;
    for (name, options) in given.iter().filter(|(name, _)| QUALITIES.contains(name)) {
        let least = if name == "png" { 0 } else { 1 };
        // quirk: a GIF has no quality, whatever is stated
        let quality = options.get("quality").filter(|_| name != "gif");
        let quality = quality.map(|quality| whole(name, quality, least, 100)).transpose()?;
        if asked != Some(name) {
            continue;
        }
        edits.quality = quality.filter(|_| matches!(edits.format, Some(Format::Jpeg | Format::WebP | Format::Avif)));
        edits.progressive = name == "jpeg" && options.get("progressive") == Some(&Json::Flag(true));
        edits.lossless = name == "webp" && options.get("lossless") == Some(&Json::Flag(true));
        if name == "webp"
            && let Some(effort) = options.get("effort")
        {
            edits.effort = edits.effort.or(Some(whole(name, effort, 0, 6)?));
        }
    }
    Ok(())
}

fn format(word: &str) -> Result<Format, RequestError> {
    match word {
        "jpg" => Ok(Format::Jpeg),
        _ => Format::from_word(word).ok_or_else(|| error::output_format(word)),
    }
}

fn whole(format: &str, value: &Json, min: u8, max: u8) -> Result<u8, RequestError> {
    let number = value.number().filter(|n| n.fract() == 0.0 && (f64::from(min)..=f64::from(max)).contains(n));
    number.map(|n| n as u8).ok_or_else(|| error::processing(format, &format!("an integer from {min} to {max}")))
}
