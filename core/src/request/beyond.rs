//! The token `ops-…`: what the native dialect has no parameter for, spelled and read.
//!
//! Its items are joined by `_`. An item is a word, or a name and a value as `name-value`; text is base32 behind a point, so that
//! no item holds a separator. Operations in their order are spelled as they are outside, `bw` or `sharpen-1.5`.

use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};

use crate::edit::table::{ROWS, in_row, operation_tokens};
use crate::edit::{
    Beyond, Blend, Crop, Distance, Edits, Extent, Face, Moderation, Overlay, Round, Step, blend_mode, blend_word,
};
use crate::image::{Colour, Sides};
use crate::op::{Alpha, Convolve, Extend, Gamma, Normalise, Operation, Sharpen, WHOLE_TURN};

/// The name of the token. Only a path can hold it.
pub const OPERATIONS: &str = "ops";

/// The most steps that one path may hold, and the most overlays among them.
const MAX_STEPS: usize = 32;
const MAX_OVERLAYS: usize = 4;

/// The value of the token; empty where there is nothing to say.
pub fn spell(edits: &Edits, bucket: Option<&str>) -> String {
    let Beyond {
        stored,
        area,
        face,
        turn_first,
        turn_last,
        share,
        spares_animations,
        adaptive,
        larger_only,
        under,
        padding,
        steps,
    } = &edits.beyond;
    let word = |is_asked: bool, word: &str| is_asked.then(|| word.to_owned());
    let items = [
        bucket.map(|bucket| format!("bucket.{}", text(bucket))),
        word(*stored, "stored"),
        area.map(|area| format!("area-{}", rectangle(area))),
        face.map(|face| format!("area-{}", spell_face(face))),
        word(*turn_first, "first"),
        word(*turn_last, "last"),
        share.map(|share| format!("share-{share}")),
        word(*spares_animations, "spare"),
        word(*adaptive, "adaptive"),
        word(*larger_only, "larger"),
        under.map(|colour| format!("under-{colour}")),
        padding.map(|colour| format!("padding-{colour}")),
    ];
    let steps = steps.iter().filter_map(spell_step);
    items.into_iter().flatten().chain(steps).collect::<Vec<_>>().join("_")
}

fn spell_step(step: &Step) -> Option<String> {
    Some(match step {
        Step::Do(operation) => {
            let token = operation_tokens(operation);
            if self::operation(&token).as_ref() != Some(step) {
                return spell_exactly(operation);
            }
            let is_plain = token.bytes().all(|b| b.is_ascii_alphanumeric() || b".-".contains(&b));
            if is_plain { token } else { format!("do.{}", text(&token)) }
        }
        Step::Turn(angle) => format!("turn-{angle}"),
        Step::Extend(Extend { sides, background }) => {
            let Sides { top, right, bottom, left } = sides;
            format!("extend-{top}x{right}x{bottom}x{left}x{background}")
        }
        Step::Extract(area) => format!("extract-{}", rectangle(*area)),
        Step::Face(face) => format!("extract-{}", spell_face(*face)),
        Step::Moderate(moderation) => {
            let Moderation { confidence, sigma, labels } = moderation.as_ref();
            format!("moderate.{}", text(&format!("{confidence},{sigma},{}", labels.join("\n"))))
        }
        Step::Round(Round { x, y, rx, ry }) => {
            let side = |side: &Option<u32>| side.map_or_else(String::new, |side| side.to_string());
            format!("round-{}", [x, y, rx, ry].map(side).join("x"))
        }
        Step::Overlay(overlay) => spell_overlay(overlay),
    })
}

/// An operation with values that no parameter of the native dialect has.
fn spell_exactly(operation: &Operation) -> Option<String> {
    let joined = |numbers: &[u32]| numbers.iter().map(u32::to_string).collect::<Vec<_>>().join("x");
    match operation {
        Operation::Convolve(convolve) => {
            let (width, kernel, scale, offset) = convolve.parts();
            let numbers = [scale, offset].into_iter().chain(kernel.iter().copied()).map(|n| n.to_string());
            Some(format!("mask{width}.{}", text(&numbers.collect::<Vec<_>>().join(","))))
        }
        Operation::Sharpen(Sharpen { sigma, flat, jagged, threshold, brighter, darker }) => {
            Some(format!("edges-{}", joined(&[*sigma, *flat, *jagged, *threshold, *brighter, *darker])))
        }
        Operation::Gamma(Gamma { darken, brighten }) => Some(format!("power-{}", joined(&[*darken, *brighten]))),
        Operation::Alpha(Alpha::Ensure(alpha)) => Some(format!("alpha-{alpha}")),
        Operation::Normalise(Normalise { lower, upper }) => {
            Some(format!("stretch-{}", joined(&[u32::from(*lower), u32::from(*upper)])))
        }
        _ => None,
    }
}

fn spell_face(Face { index, padding }: Face) -> String {
    format!("face{index}x{padding}")
}

fn spell_overlay(overlay: &Overlay) -> String {
    let Overlay { bucket, key, width, height, opacity, x, y, blend, tile } = overlay;
    let percent = |share: &Option<Extent>| match share {
        Some(Extent::Percent(share)) => share.to_string(),
        _ => String::new(),
    };
    let place = |place: &Option<Distance>| match place {
        None => String::new(),
        Some(Distance::Far) => "far".into(),
        Some(Distance::Pixels(n)) => n.to_string(),
        Some(Distance::Percent(n)) => format!("{n}p"),
    };
    // with what is not usual behind points
    let mode = if *blend == Blend::Over { String::new() } else { format!(".{}", blend_word(*blend)) };
    let shown = format!("{opacity}{mode}{}", if *tile { ".tile" } else { "" });
    let fields = [percent(width), percent(height), shown, place(x), place(y)].join(",");
    let bucket = bucket.as_deref().unwrap_or("");
    format!("laid.{}", text(&format!("{fields},{bucket}/{key}")))
}

/// Base32 in lower case.
fn text(text: &str) -> String {
    BASE32_NOPAD.encode(text.as_bytes()).to_ascii_lowercase()
}

fn rectangle(Crop { x, y, width, height, .. }: Crop) -> String {
    [x, y, width, height].map(|n| n.to_string()).join("x")
}

/// Reads the token's value into edits; the bucket that it names is the answer. `None` where an item is not known.
pub fn read(value: &str, edits: &mut Edits) -> Option<Option<String>> {
    let mut bucket = None;
    for item in value.split('_') {
        if let Some(name) = item.strip_prefix("bucket.") {
            bucket = Some(untext(name)?);
        } else {
            read_item(item, edits)?;
        }
    }
    let steps = &edits.beyond.steps;
    let faces = steps.iter().filter(|step| matches!(step, Step::Face(_))).count();
    let faces = faces + usize::from(edits.beyond.face.is_some());
    (steps.len() <= MAX_STEPS && faces <= 1 && edits.beyond.overlays().count() <= MAX_OVERLAYS).then_some(bucket)
}

/// Whether the token says all that goes beyond the native dialect.
pub fn says(edits: &Edits) -> bool {
    let spelled = spell(edits, None);
    let mut again = Edits::default();
    (spelled.is_empty() || read(&spelled, &mut again).is_some()) && again.beyond == edits.beyond
}

fn read_item(item: &str, edits: &mut Edits) -> Option<()> {
    let beyond = &mut edits.beyond;
    match item {
        "stored" => beyond.stored = true,
        "first" => beyond.turn_first = true,
        "last" => beyond.turn_last = true,
        "spare" => beyond.spares_animations = true,
        "adaptive" => beyond.adaptive = true,
        "larger" => beyond.larger_only = true,
        _ => match item.split_once(['-', '.']) {
            Some(("area", value)) if value.starts_with("face") => beyond.face = Some(face(value)?),
            Some(("area", value)) => beyond.area = Some(area(value)?),
            Some(("share", value)) => beyond.share = Some(number(value).filter(|n| (1..=1_000_000).contains(n))?),
            Some(("under", value)) => beyond.under = Some(Colour::from_hex(value)?),
            Some(("padding", value)) => beyond.padding = Some(Colour::from_hex(value)?),
            Some(("turn", value)) => {
                beyond.steps.push(Step::Turn(number(value).filter(|angle| (1..WHOLE_TURN).contains(angle))?));
            }
            Some(("extend", value)) => beyond.steps.push(Step::Extend(extend(value)?)),
            Some(("extract", value)) if value.starts_with("face") => beyond.steps.push(Step::Face(face(value)?)),
            Some(("moderate", value)) => {
                beyond.steps.push(Step::Moderate(Box::new(moderation(&untext(value)?)?)));
            }
            Some(("extract", value)) => beyond.steps.push(Step::Extract(area(value)?)),
            Some(("round", value)) => beyond.steps.push(Step::Round(round(value)?)),
            Some(("laid", value)) => beyond.steps.push(Step::Overlay(Box::new(overlay(&untext(value)?)?))),
            Some(("edges", value)) => beyond.steps.push(Step::Do(edges(value)?)),
            Some(("power", value)) => beyond.steps.push(Step::Do(power(value)?)),
            // the row of this name has words
            Some(("alpha", value)) if value.bytes().all(|b| b.is_ascii_digit()) => {
                let alpha = number(value).and_then(|alpha| u8::try_from(alpha).ok())?;
                beyond.steps.push(Step::Do(Operation::Alpha(Alpha::Ensure(alpha))));
            }
            Some(("stretch", value)) => beyond.steps.push(Step::Do(stretch(value)?)),
            Some((name, value)) if name.starts_with("mask") => {
                beyond.steps.push(Step::Do(mask(name.strip_prefix("mask")?, &untext(value)?)?));
            }
            Some(("do", value)) => beyond.steps.push(operation(&untext(value)?)?),
            _ => beyond.steps.push(operation(item)?),
        },
    }
    Some(())
}

/// An operation by the token that stands for it outside.
fn operation(token: &str) -> Option<Step> {
    let mut edits = Edits::default();
    for token in token.split('~') {
        let (row, value) = ROWS.iter().find_map(|row| Some((row, in_row(row, token)?)))?;
        (row.set)(&mut edits, value);
    }
    // a token that asks for anything else is no step
    let only = Edits { operations: edits.operations.clone(), ..Edits::default() };
    if only != edits || edits.operations.len() != 1 {
        return None;
    }
    edits.operations.pop().map(Step::Do)
}

/// The most columns and rows of a mask, and what its numbers are up to.
const LARGEST_MASK: u32 = 15;
const LARGEST_NUMBER: u32 = 100_000_000;

fn mask(width: &str, text: &str) -> Option<Operation> {
    let width = number(width).filter(|width| (1..=LARGEST_MASK).contains(width))?;
    let numbers: Option<Vec<i32>> = text.split(',').map(|text| signed_up_to(text, LARGEST_NUMBER)).collect();
    match numbers?.as_slice() {
        [scale, offset, kernel @ ..] if kernel.len() <= (width * LARGEST_MASK) as usize && *scale != 0 => {
            Convolve::new(width, kernel, Some(*scale), *offset).map(Operation::Convolve)
        }
        _ => None,
    }
}

fn edges(text: &str) -> Option<Operation> {
    let numbers: Option<Vec<u32>> = text.split('x').map(number).collect();
    match *numbers?.as_slice() {
        [sigma @ 1..=100_000, flat, jagged, threshold, brighter, darker]
            if [flat, jagged, threshold, brighter, darker].iter().all(|n| *n <= LARGEST_NUMBER) =>
        {
            Some(Operation::Sharpen(Sharpen { sigma, flat, jagged, threshold, brighter, darker }))
        }
        _ => None,
    }
}

fn power(text: &str) -> Option<Operation> {
    let (darken, brighten) = text.split_once('x')?;
    let exponent = |text: &str| number(text).filter(|exponent| (1_000..=100_000).contains(exponent));
    let (darken, brighten) = (exponent(darken)?, exponent(brighten)?);
    Some(Operation::Gamma(Gamma { darken, brighten }))
}

fn stretch(text: &str) -> Option<Operation> {
    let (lower, upper) = text.split_once('x')?;
    let (lower, upper) = (number(lower)?, number(upper).filter(|upper| *upper <= 100)?);
    (lower < upper).then_some(Operation::Normalise(Normalise { lower: lower as u8, upper: upper as u8 }))
}

fn untext(code: &str) -> Option<String> {
    if code.bytes().any(|b| b.is_ascii_uppercase()) {
        return None;
    }
    let bytes = BASE32_NOPAD.decode(code.to_ascii_uppercase().as_bytes()).ok()?;
    String::from_utf8(bytes).ok()
}

/// Digits without a leading zero.
fn number(text: &str) -> Option<u32> {
    let is_number = (1..=9).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| is_number && (text == "0" || !text.starts_with('0')))
}

fn area(text: &str) -> Option<Crop> {
    let numbers: Option<Vec<u32>> = text.split('x').map(number).collect();
    match *numbers?.as_slice() {
        [x, y, width, height] if width > 0 && height > 0 => Some(Crop::pixels(x, y, width, height)),
        _ => None,
    }
}

fn face(text: &str) -> Option<Face> {
    let (index, padding) = text.strip_prefix("face")?.split_once('x')?;
    Some(Face { index: number(index)?, padding: signed(padding)? })
}

fn moderation(text: &str) -> Option<Moderation> {
    let mut fields = text.splitn(3, ',');
    let confidence = number(fields.next()?).filter(|n| *n <= 10_000)?;
    let sigma = number(fields.next()?).filter(|n| (1..=1_000).contains(n))?;
    let labels = fields.next()?;
    let labels = if labels.is_empty() { Vec::new() } else { labels.split('\n').map(str::to_owned).collect() };
    Some(Moderation { confidence, sigma, labels })
}

fn extend(text: &str) -> Option<Extend> {
    let mut fields = text.splitn(5, 'x');
    let mut side = || number(fields.next()?).filter(|side| *side <= 8192);
    let sides = Sides { top: side()?, right: side()?, bottom: side()?, left: side()? };
    Some(Extend { sides, background: Colour::from_hex(fields.next()?)? })
}

fn round(text: &str) -> Option<Round> {
    let side = |text: &str| if text.is_empty() { Some(None) } else { number(text).filter(|n| *n > 0).map(Some) };
    let sides: Option<Vec<Option<u32>>> = text.split('x').map(side).collect();
    match *sides?.as_slice() {
        [x, y, rx, ry] => Some(Round { x, y, rx, ry }),
        _ => None,
    }
}

fn overlay(text: &str) -> Option<Overlay> {
    let mut fields = text.splitn(6, ',');
    let mut next = || fields.next();
    let share = |text: &str| match text {
        "" => Some(None),
        text => number(text).filter(|n| *n <= 100).map(|n| Some(n as u8)),
    };
    let (width, height) = (share(next()?)?, share(next()?)?);
    let mut shown = next()?.split('.');
    let opacity = share(shown.next()?)??;
    let (mut blend, mut tile) = (Blend::Over, false);
    for word in shown {
        match word {
            "tile" => tile = true,
            word => blend = blend_mode(word)?,
        }
    }
    let (x, y) = (place(next()?)?, place(next()?)?);
    let (bucket, key) = next()?.split_once('/')?;
    let bucket = (!bucket.is_empty()).then(|| bucket.to_owned());
    let (width, height) = (width.map(Extent::Percent), height.map(Extent::Percent));
    Some(Overlay { bucket, key: key.to_owned(), width, height, opacity, x, y, blend, tile })
}

fn place(text: &str) -> Option<Option<Distance>> {
    if text.is_empty() {
        return Some(None);
    }
    if text == "far" {
        return Some(Some(Distance::Far));
    }
    let (digits, is_percent) = match text.strip_suffix('p') {
        Some(digits) => (digits, true),
        None => (text, false),
    };
    let number = signed(digits)?;
    Some(Some(if is_percent { Distance::Percent(number) } else { Distance::Pixels(number) }))
}

/// A number from -100000 to 100000.
fn signed(text: &str) -> Option<i32> {
    signed_up_to(text, 100_000)
}

fn signed_up_to(text: &str, most: u32) -> Option<i32> {
    let digits = text.strip_prefix('-');
    let magnitude = number(digits.unwrap_or(text)).filter(|n| *n <= most)? as i32;
    Some(if digits.is_some() { -magnitude } else { magnitude })
}

/// The query of a request that was wrapped into a path, so that a cache whose key is the path tells it from others:
/// `/default/ops_{base64url of ?query}{path}`. The CloudFront Function makes such paths.
pub fn unwrap(path: &str) -> Option<(String, &str)> {
    let rest = path.strip_prefix("/default/ops_")?;
    let at = rest.find('/')?;
    let query = String::from_utf8(BASE64URL_NOPAD.decode(&rest.as_bytes()[..at]).ok()?).ok()?;
    Some((query.strip_prefix('?')?.to_owned(), &rest[at..]))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spelled_is_read_again() {
        let overlay = Overlay {
            bucket: Some("other.bucket".into()),
            key: "ä/lo,go~.png".into(),
            width: Some(Extent::Percent(20)),
            height: None,
            opacity: 50,
            x: Some(Distance::Percent(-5)),
            y: Some(Distance::Far),
            blend: Blend::Screen,
            tile: true,
        };
        let area = Crop::pixels(1, 0, 300, 20);
        let beyond = Beyond {
            stored: true,
            area: Some(area),
            face: None,
            turn_first: true,
            turn_last: true,
            share: Some(5_000),
            spares_animations: true,
            adaptive: true,
            larger_only: true,
            under: Colour::from_hex("ff000080"),
            padding: Some(Colour::WHITE),
            steps: vec![
                Step::Turn(450_000),
                Step::Extract(area),
                Step::Face(Face { index: 2, padding: -30 }),
                Step::Moderate(Box::new(Moderation {
                    confidence: 7_550,
                    sigma: 50,
                    labels: vec!["Drugs & Tobacco".into(), "Ä".into()],
                })),
                Step::Do(Operation::Negative),
                Step::Round(Round { x: None, y: Some(3), rx: Some(4), ry: None }),
                Step::Overlay(Box::new(overlay)),
                Step::Do(Operation::Greyscale),
                Step::Do(Operation::Convolve(
                    Convolve::new(4, &[-10_000, 500, 0, 7, 1, 2, 3, 4, 5, 6, 7, 8], Some(-3), 1_280_000).unwrap(),
                )),
                Step::Do(Operation::Sharpen(Sharpen { brighter: 150_000, ..Sharpen::new(5_000) })),
                Step::Do(Operation::Normalise(Normalise { lower: 5, upper: 95 })),
                Step::Do(Operation::Gamma(Gamma { darken: 22_000, brighten: 10_000 })),
                Step::Do(Operation::Gamma(Gamma { darken: 10_000, brighten: 22_000 })),
                Step::Do(Operation::Alpha(Alpha::Ensure(127))),
            ],
        };
        let edits = Edits { beyond, ..Edits::default() };
        let spelled = spell(&edits, Some("b.c"));
        assert!(spelled.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)), "{spelled}");
        let mut again = Edits::default();
        assert_eq!(read(&spelled, &mut again).unwrap().as_deref(), Some("b.c"));
        assert_eq!(again, edits);
        assert_eq!(spell(&Edits::default(), None), "");
    }

    #[test]
    fn what_is_not_known_is_not_read() {
        let many = ["bw"; 33].join("_");
        for wrong in [
            "",
            "x",
            "stored_",
            "area-1x2x3",
            "area-1x2x0x4",
            "share-0",
            "format-png",
            "crop-1x2x3x4",
            "round-0xxx",
            "laid.AAAA",
            "bucket.!",
            "area-face1",
            "area-face0x--1",
            "area-face0x0_extract-face0x0",
            "moderate.aaaa",
            "edges-0x1x1x1x1x1",
            "edges-5000x1x1x1x1",
            "edges-5000x1x1x1x1x100000001",
            "power-0x10000",
            "alpha-256",
            "stretch-5x5",
            "stretch-5x101",
            "mask16.gaytamjm",
            "mask3.aaaa",
            "mask.aaaa",
            many.as_str(),
        ] {
            assert_eq!(read(wrong, &mut Edits::default()), None, "{wrong}");
        }
    }
}
