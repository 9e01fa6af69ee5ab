//! A URL taken apart: each part once, in Thumbor's order, all of them optional but the image.

use crate::request::RequestError;

/// What a URL says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Asked<'a> {
    /// The tolerance of `trim`.
    pub trim: Option<u16>,
    /// Left, top, right and bottom.
    pub crop: Option<[u32; 4]>,
    pub fit_in: Option<FitIn>,
    pub width: Side,
    pub height: Side,
    pub flips_across: bool,
    pub flips_down: bool,
    /// -1 for left or top, 1 for right or bottom.
    pub align: (i8, i8),
    pub smart: bool,
    /// What is behind `filters:`.
    pub filters: &'a str,
    pub image: &'a str,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FitIn {
    /// The box is turned as the picture is.
    pub adaptive: bool,
    /// The box is filled, and more.
    pub full: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    /// Left out, or 0.
    #[default]
    None,
    /// The picture's own.
    Original,
    Pixels(u32),
}

/// The most digits of a number: what is longer is no number of any picture.
const MOST_DIGITS: usize = 6;

/// Reads what is behind the prefix, decoded.
pub fn read(path: &str) -> Result<Asked<'_>, RequestError> {
    let mut asked = Asked::default();
    let mut rest = path;
    // what is drawn for whoever looks for a fault is not drawn here
    take(&mut rest, |segment| (segment == "debug").then_some(()));
    if take(&mut rest, |segment| (segment == "meta").then_some(())).is_some() {
        return Err(RequestError::parameter("meta", "given", "an image: what it would be is not told as JSON".into()));
    }
    if let Some((from_bottom, tolerance)) = take(&mut rest, trim) {
        if from_bottom {
            return Err(RequestError::parameter(
                "trim",
                "bottom-right",
                "top-left, whose pixel is compared with".into(),
            ));
        }
        asked.trim = Some(tolerance);
    }
    asked.crop = take(&mut rest, crop).filter(|[left, top, right, bottom]| left < right && top < bottom);
    asked.fit_in = take(&mut rest, fit_in);
    if let Some((across, down)) = take(&mut rest, dimensions) {
        ((asked.flips_across, asked.width), (asked.flips_down, asked.height)) = (across, down);
    }
    asked.align.0 = take(&mut rest, |segment| align(segment, ["left", "center", "right"])).unwrap_or(0);
    asked.align.1 = take(&mut rest, |segment| align(segment, ["top", "middle", "bottom"])).unwrap_or(0);
    asked.smart = take(&mut rest, |segment| (segment == "smart").then_some(())).is_some();
    // arguments may hold slashes
    if let Some(filters) = rest.strip_prefix("filters:")
        && let Some(end) = filters.find(")/").filter(|at| *at > 0).map(|at| at + 1)
    {
        (asked.filters, rest) = (&filters[..end], &filters[end + 1..]);
    }
    // a picture of another host is that of a prefix, for which the configuration has an origin
    asked.image = ["https://", "http://"].iter().find_map(|scheme| rest.strip_prefix(scheme)).unwrap_or(rest);
    Ok(asked)
}

/// Takes the next segment if it is what is looked for.
fn take<T>(rest: &mut &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
    let (segment, behind) = rest.split_once('/')?;
    let found = read(segment)?;
    *rest = behind;
    Some(found)
}

fn number(text: &str) -> Option<u32> {
    let is_number = (1..=MOST_DIGITS).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

/// `trim[:top-left|bottom-right][:tolerance]`: whether it is the last pixel, and how far colours may be from it.
fn trim(segment: &str) -> Option<(bool, u16)> {
    let mut fields = segment.split(':');
    let is_trim = fields.next() == Some("trim");
    let mut field = fields.next();
    let from_bottom = field == Some("bottom-right");
    if from_bottom || field == Some("top-left") {
        field = fields.next();
    }
    let tolerance = field.map_or(Some(0), number)?;
    (is_trim && fields.next().is_none()).then_some((from_bottom, tolerance.min(u32::from(u16::MAX)) as u16))
}

/// `AxB:CxD`. What is no whole number counts as 0, as it does there.
fn crop(segment: &str) -> Option<[u32; 4]> {
    let (start, end) = segment.split_once(':')?;
    let ((left, top), (right, bottom)) = (start.split_once('x')?, end.split_once('x')?);
    let sides = [left, top, right, bottom];
    let is_decimal = |text: &&str| {
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        digits > 0 && text.bytes().filter(|b| *b == b'.').count() + digits == text.len() && digits + 1 >= text.len()
    };
    sides.iter().all(is_decimal).then(|| sides.map(|text| number(text).unwrap_or(0)))
}

fn fit_in(segment: &str) -> Option<FitIn> {
    let rest = segment.strip_suffix("fit-in")?;
    let (adaptive, rest) = rest.strip_prefix("adaptive-").map_or((false, rest), |rest| (true, rest));
    matches!(rest, "" | "full-").then_some(FitIn { adaptive, full: !rest.is_empty() })
}

/// `[-][width]x[-][height]`, each with whether it has a minus.
fn dimensions(segment: &str) -> Option<((bool, Side), (bool, Side))> {
    let (across, down) = segment.split_once('x')?;
    let side = |text: &str| {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let side = match digits {
            "" => Side::None,
            "orig" => Side::Original,
            digits => match number(digits)? {
                0 => Side::None,
                side => Side::Pixels(side),
            },
        };
        Some((digits.len() < text.len(), side))
    };
    Some((side(across)?, side(down)?))
}

fn align(segment: &str, words: [&str; 3]) -> Option<i8> {
    words.iter().zip([-1, 0, 1]).find(|(word, _)| **word == segment).map(|(_, place)| place)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_taken_in_thumbors_order() {
        let path = "debug/trim:top-left:10/10x20:110x220/adaptive-full-fit-in/-300x-orig/left/bottom/smart/\
                    filters:blur(2):watermark(a/b.png,0,0,50)/some/image.jpg";
        let expected = Asked {
            trim: Some(10),
            crop: Some([10, 20, 110, 220]),
            fit_in: Some(FitIn { adaptive: true, full: true }),
            width: Side::Pixels(300),
            height: Side::Original,
            flips_across: true,
            flips_down: true,
            align: (-1, 1),
            smart: true,
            filters: "blur(2):watermark(a/b.png,0,0,50)",
            image: "some/image.jpg",
        };
        assert_eq!(read(path).unwrap(), expected);
    }

    #[test]
    fn what_is_out_of_order_or_of_another_form_begins_the_image() {
        for path in ["smart/300x200/a.jpg", "300x200y/a.jpg", "fit-in-a/x.jpg", "trim:x/a.jpg", "filters:blur/a.jpg"] {
            let asked = read(path).unwrap();
            let kept = path.strip_prefix("smart/").unwrap_or(path);
            assert_eq!(asked.image, kept, "{path}");
        }
        assert_eq!(read("300x200").unwrap().image, "300x200");
        assert_eq!(read("x/a.jpg").unwrap().image, "a.jpg");
        assert_eq!(read("0x0:0x0/a.jpg").unwrap(), Asked { image: "a.jpg", ..Asked::default() });
        assert!(read("meta/a.jpg").is_err() && read("trim:bottom-right/a.jpg").is_err());
    }
}
