//! Colours as AWS's handler takes them: CSS names, hex digits, `rgb()` and objects.

use super::error;
use super::json::{Json, Members, number};
use crate::image::Colour;
use crate::request::RequestError;

/// CSS Color Module Level 4, section 6.1.
const NAMES: &str = "\
    aliceblue:f0f8ff antiquewhite:faebd7 aqua:00ffff aquamarine:7fffd4 azure:f0ffff beige:f5f5dc bisque:ffe4c4 \
    black:000000 blanchedalmond:ffebcd blue:0000ff blueviolet:8a2be2 brown:a52a2a burlywood:deb887 \
    cadetblue:5f9ea0 chartreuse:7fff00 chocolate:d2691e coral:ff7f50 cornflowerblue:6495ed cornsilk:fff8dc \
    crimson:dc143c cyan:00ffff darkblue:00008b darkcyan:008b8b darkgoldenrod:b8860b darkgray:a9a9a9 \
    darkgreen:006400 darkgrey:a9a9a9 darkkhaki:bdb76b darkmagenta:8b008b darkolivegreen:556b2f darkorange:ff8c00 \
    darkorchid:9932cc darkred:8b0000 darksalmon:e9967a darkseagreen:8fbc8f darkslateblue:483d8b \
    darkslategray:2f4f4f darkslategrey:2f4f4f darkturquoise:00ced1 darkviolet:9400d3 deeppink:ff1493 \
    deepskyblue:00bfff dimgray:696969 dimgrey:696969 dodgerblue:1e90ff firebrick:b22222 floralwhite:fffaf0 \
    forestgreen:228b22 fuchsia:ff00ff gainsboro:dcdcdc ghostwhite:f8f8ff gold:ffd700 goldenrod:daa520 gray:808080 \
    green:008000 greenyellow:adff2f grey:808080 honeydew:f0fff0 hotpink:ff69b4 indianred:cd5c5c indigo:4b0082 \
    ivory:fffff0 khaki:f0e68c lavender:e6e6fa lavenderblush:fff0f5 lawngreen:7cfc00 lemonchiffon:fffacd \
    lightblue:add8e6 lightcoral:f08080 lightcyan:e0ffff lightgoldenrodyellow:fafad2 lightgray:d3d3d3 \
    lightgreen:90ee90 lightgrey:d3d3d3 lightpink:ffb6c1 lightsalmon:ffa07a lightseagreen:20b2aa \
    lightskyblue:87cefa lightslategray:778899 lightslategrey:778899 lightsteelblue:b0c4de lightyellow:ffffe0 \
    lime:00ff00 limegreen:32cd32 linen:faf0e6 magenta:ff00ff maroon:800000 mediumaquamarine:66cdaa \
    mediumblue:0000cd mediumorchid:ba55d3 mediumpurple:9370db mediumseagreen:3cb371 mediumslateblue:7b68ee \
    mediumspringgreen:00fa9a mediumturquoise:48d1cc mediumvioletred:c71585 midnightblue:191970 mintcream:f5fffa \
    mistyrose:ffe4e1 moccasin:ffe4b5 navajowhite:ffdead navy:000080 oldlace:fdf5e6 olive:808000 olivedrab:6b8e23 \
    orange:ffa500 orangered:ff4500 orchid:da70d6 palegoldenrod:eee8aa palegreen:98fb98 paleturquoise:afeeee \
    palevioletred:db7093 papayawhip:ffefd5 peachpuff:ffdab9 peru:cd853f pink:ffc0cb plum:dda0dd powderblue:b0e0e6 \
    purple:800080 rebeccapurple:663399 red:ff0000 rosybrown:bc8f8f royalblue:4169e1 saddlebrown:8b4513 \
    salmon:fa8072 sandybrown:f4a460 seagreen:2e8b57 seashell:fff5ee sienna:a0522d silver:c0c0c0 skyblue:87ceeb \
    slateblue:6a5acd slategray:708090 slategrey:708090 snow:fffafa springgreen:00ff7f steelblue:4682b4 tan:d2b48c \
    teal:008080 thistle:d8bfd8 tomato:ff6347 turquoise:40e0d0 violet:ee82ee wheat:f5deb3 white:ffffff \
    whitesmoke:f5f5f5 yellow:ffff00 yellowgreen:9acd32";

/// Red, green and blue of a name.
fn named(text: &str) -> Option<Colour> {
    let hex = NAMES.split(' ').filter_map(|pair| pair.split_once(':')).find(|pair| pair.0 == text)?.1;
    Colour::from_hex(hex)
}

/// A filter's colour: a name, or hex digits without `#`.
pub fn of_filter(text: &str) -> Option<Colour> {
    let is_hex = matches!(text.len(), 3 | 4 | 6 | 8) && text.bytes().all(|b| b.is_ascii_hexdigit());
    let hex = || Colour::from_hex(text).filter(|_| is_hex);
    named(text).or_else(hex)
}

/// The same as the object that the handler makes of it.
pub fn object(text: &str) -> Result<Json, RequestError> {
    let Colour { r, g, b, a } = of_filter(text).ok_or_else(error::edits)?;
    let mut object = Members::default();
    for (name, sample) in [("r", r), ("g", g), ("b", b)] {
        object.set(name, Json::Number(sample.into()));
    }
    if a != 255 {
        object.set("alpha", Json::Number(f64::from(a) / 255.0));
    }
    Ok(Json::Object(object))
}

/// The colour of an edit; `None` for what is none.
pub fn read(value: &Json) -> Option<Colour> {
    match value {
        Json::Object(members) => of_object(members),
        Json::Text(text) => of_text(text),
        Json::List(samples) => match samples.as_slice() {
            [r, g, b] => of_samples([r, g, b].map(sample), 1.0),
            [r, g, b, alpha] => of_samples([r, g, b].map(sample), sample(alpha)),
            _ => None,
        },
        _ => None,
    }
}

/// Quirk: what is no number is 0.
fn sample(value: &Json) -> f64 {
    value.number().filter(|sample| !sample.is_nan()).unwrap_or(0.0)
}

fn of_text(text: &str) -> Option<Colour> {
    let text = text.trim().to_ascii_lowercase();
    if text == "transparent" {
        return Some(Colour::TRANSPARENT);
    }
    if text.starts_with('#') {
        return Colour::from_hex(&text);
    }
    if let Some(colour) = of_hue(&text) {
        return Some(colour);
    }
    let arguments = text.strip_prefix("rgba").or_else(|| text.strip_prefix("rgb")).map(str::trim);
    let Some(arguments) = arguments.and_then(|text| text.strip_prefix('(')?.strip_suffix(')')) else {
        return named(&text);
    };
    let parts: Vec<&str> = arguments.split([',', '/', ' ']).filter(|part| !part.is_empty()).collect();
    let [r, g, b, alpha @ ..] = parts.as_slice() else {
        return None;
    };
    let share = |text: &str, whole: f64| match text.strip_suffix('%') {
        Some(percent) => number(percent) / 100.0 * whole,
        None => number(text),
    };
    let alpha = alpha.first().map_or(1.0, |text| share(text, 1.0));
    of_samples([share(r, 255.0), share(g, 255.0), share(b, 255.0)], alpha)
}

/// `hsl(120, 50%, 50%)`, and `hsla` with an alpha.
fn of_hue(text: &str) -> Option<Colour> {
    let arguments = text.strip_prefix("hsla").or_else(|| text.strip_prefix("hsl"))?.trim();
    let arguments = arguments.strip_prefix('(')?.strip_suffix(')')?;
    let parts: Vec<&str> = arguments.split([',', '/', ' ']).filter(|part| !part.is_empty()).collect();
    let (hue, saturation, lightness, alpha) = match *parts.as_slice() {
        [hue, saturation, lightness] => (hue, saturation, lightness, 1.0),
        [hue, saturation, lightness, alpha] => (hue, saturation, lightness, number(alpha)),
        _ => return None,
    };
    let percent = |text: &str| Some(number(text.strip_suffix('%')?).clamp(0.0, 100.0) / 100.0);
    let (saturation, lightness) = (percent(saturation)?, percent(lightness)?);
    let hue = number(hue.strip_suffix("deg").unwrap_or(hue)).rem_euclid(360.0) / 30.0;
    let reach = saturation * lightness.min(1.0 - lightness);
    let channel = |n: f64| {
        let place = (n + hue).rem_euclid(12.0);
        255.0 * (lightness - reach * (place - 3.0).min(9.0 - place).clamp(-1.0, 1.0))
    };
    of_samples([channel(0.0), channel(8.0), channel(4.0)], alpha)
}

/// Quirk: an object needs all three of its members, be they no numbers.
fn of_object(members: &Members) -> Option<Colour> {
    let alpha = members.get("alpha").map_or(1.0, sample);
    of_samples([sample(members.get("r")?), sample(members.get("g")?), sample(members.get("b")?)], alpha)
}

fn of_samples(samples: [f64; 3], alpha: f64) -> Option<Colour> {
    if samples.iter().chain([&alpha]).any(|sample| !sample.is_finite()) {
        return None;
    }
    let [r, g, b] = samples.map(|sample| sample.round().clamp(0.0, 255.0) as u8);
    Some(Colour { r, g, b, a: (alpha.clamp(0.0, 1.0) * 255.0).round() as u8 })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_in_every_form() {
        let colour = |r, g, b, a| Some(Colour { r, g, b, a });
        let of = |json: &str| read(&serde_json::from_str(json).unwrap());
        assert_eq!(of(r##""#f00""##), colour(255, 0, 0, 255));
        assert_eq!(of(r#""RebeccaPurple""#), colour(102, 51, 153, 255));
        assert_eq!(of(r#""rgba(1, 2, 3, 0.5)""#), colour(1, 2, 3, 128));
        assert_eq!(of(r#"{"r":1,"g":2,"b":300,"alpha":0}"#), colour(1, 2, 255, 0));
        assert_eq!(of(r#""hsl(120, 50%, 25%)""#), colour(32, 96, 32, 255));
        assert_eq!(of(r#""hsla(-60, 100%, 50%, 0.5)""#), colour(255, 0, 255, 128));
        assert_eq!(of("[1,2,3]"), colour(1, 2, 3, 255));
        assert_eq!(of(r#"{"r":1,"g":"2","b":null}"#), colour(1, 0, 0, 255));
        assert_eq!(of(r#"{"r":1}"#), None);
        assert_eq!(of("[1,2]"), None);
        assert_eq!(of("7"), None);
        assert_eq!(of(r#""nocolour""#), None);
    }

    #[test]
    fn a_filters_colour_is_a_name_or_hex_digits_without_a_hash() {
        assert_eq!(object("ffff").unwrap().to_string(), r#"{"r":255,"g":255,"b":255}"#);
        assert_eq!(object("navy").unwrap().to_string(), r#"{"r":0,"g":0,"b":128}"#);
        assert!(object("%23ff0000").is_err() && object("#fff").is_err() && object("").is_err());
    }
}
