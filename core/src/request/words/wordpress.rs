//! The words of WordPress's image service, Photon: <https://developer.wordpress.com/docs/photon/api/>.

use super::{Words, whole};
use crate::request::RequestError;
use crate::request::told::Told;

pub const WORDS: &[&str] = &[
    "w",
    "h",
    "crop",
    "resize",
    "fit",
    "lb",
    "ulb",
    "zoom",
    "quality",
    "strip",
    "filter",
    "brightness",
    "contrast",
    "colorize",
];

/// Pictures are never enlarged; `zoom` multiplies sides.
pub fn tell(words: &Words, told: &mut Told) -> Result<(), RequestError> {
    let crop = words.get("crop");
    if let Some(area) = crop.filter(|crop| crop.contains(',')) {
        told.tell("crop", &region(area)?)?;
    }
    let boxed = |name: &'static str| -> Result<Option<(u32, u32)>, RequestError> {
        let Some(text) = words.get(name) else { return Ok(None) };
        let sides = text.split_once(',').and_then(|(w, h)| Some((whole(w.trim())?, whole(h.trim())?)));
        sides.map(Some).ok_or_else(|| RequestError::parameter(name, text, "width,height in pixels".into()))
    };
    let (fit, sides) = if let Some(sides) = boxed("resize")? {
        ("cover", sides)
    } else if let Some(sides) = boxed("fit")? {
        ("inside", sides)
    } else if let Some(sides) = boxed("lb")? {
        ("contain", sides)
    } else {
        let is_cut = crop.is_some_and(|crop| !crop.contains(',') && crop != "0" && crop != "false");
        (if is_cut { "cover" } else { "inside" }, (side(words, "w")?, side(words, "h")?))
    };
    let zoom = match words.get("zoom") {
        None => 1.0,
        Some(text) => text
            .parse::<f64>()
            .ok()
            .filter(|zoom| (0.1..=8.0).contains(zoom))
            .ok_or_else(|| RequestError::parameter("zoom", text, "a number from 0.1 to 8".into()))?,
    };
    told.tell("fit", fit)?;
    for (name, side) in [("width", sides.0), ("height", sides.1)] {
        if side > 0 {
            told.tell(name, &((f64::from(side) * zoom).round().max(1.0) as u32).to_string())?;
        }
    }
    if fit == "contain" {
        told.tell("background", "000000")?;
    }
    if let Some(quality) = words.get("quality") {
        told.tell("quality", quality)?;
    }
    if let Some("info" | "all") = words.get("strip") {
        // nothing is kept in any case, and what nothing else is asked of is written anew
        told.edits.enlarge |= told.edits.is_empty();
    }
    match words.get("filter") {
        Some("grayscale") => told.tell("style", "bw")?,
        Some("sepia") => told.tell("style", "sepia")?,
        Some("negate") => told.tell("style", "negative")?,
        Some("blurgaussian") => told.tell("convolve", "1,2,1,2,4,2,1,2,1")?,
        Some("emboss") => return Err(not_done("emboss")),
        Some(filter @ ("edgedetect" | "blurselective" | "meanremoval")) => return Err(not_done(filter)),
        _ => (),
    }
    if let Some(amount) = number(words, "brightness", 255)? {
        told.tell("linear", &format!("1,{amount}"))?;
    }
    if let Some(amount) = number(words, "contrast", 100)? {
        // there, 100 is grey and -100 the most
        let factor = (f64::from(100 - amount) / 100.0).powi(2);
        told.tell("linear", &format!("{factor:.4},{:.4}", 127.5 * (1.0 - factor)))?;
    }
    if let Some(text) = words.get("colorize") {
        let levels: Vec<&str> = text.split(',').map(str::trim).collect();
        if levels.len() != 3 {
            return Err(RequestError::parameter("colorize", text, "red,green,blue from 0 to 255".into()));
        }
        told.tell("linear", &format!("1,1,1,{}", levels.join(",")))?;
    }
    Ok(())
}

#[cold]
fn not_done(filter: &str) -> RequestError {
    RequestError::parameter("filter", filter, "grayscale, sepia, negate or blurgaussian".into())
}

fn side(words: &Words, name: &'static str) -> Result<u32, RequestError> {
    let Some(text) = words.get(name) else { return Ok(0) };
    let digits = text.strip_suffix("px").unwrap_or(text);
    whole(digits).ok_or_else(|| RequestError::parameter(name, text, "a number of pixels".into()))
}

fn number(words: &Words, name: &'static str, most: i32) -> Result<Option<i32>, RequestError> {
    let Some(text) = words.get(name) else { return Ok(None) };
    let number = text.parse().ok().filter(|number: &i32| number.abs() <= most);
    number.map(Some).ok_or_else(|| RequestError::parameter(name, text, format!("an integer from -{most} to {most}")))
}

/// `x,y,w,h`, in percent, or in pixels with `px`. All four are of one unit.
fn region(text: &str) -> Result<String, RequestError> {
    let wrong = || RequestError::parameter("crop", text, "x,y,w,h in percent, or all in px".into());
    let sides: Vec<&str> = text.split(',').map(str::trim).collect();
    let in_pixels: Vec<&str> = sides.iter().filter_map(|side| side.strip_suffix("px")).collect();
    match (sides.len(), in_pixels.len()) {
        (4, 4) => Ok(in_pixels.join(",")),
        (4, 0) => {
            let percent = |side: &&str| side.parse::<f64>().ok().filter(|n| (0.0..=100.0).contains(n));
            let shares: Option<Vec<String>> =
                sides.iter().map(|side| Some(format!("{:.2}%", percent(side)?))).collect();
            shares.map(|shares| shares.join(",")).ok_or_else(wrong)
        }
        _ => Err(wrong()),
    }
}
