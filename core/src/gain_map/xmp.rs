//! Gains as Adobe's XMP has them, and the directory of pictures as Google's does. XMP is not read as XML: a name is looked for with the
//! prefix that stands for its space of names, and its value is an attribute or the text of an element.

use super::Gains;

pub const NAME: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";

const GAINS: &str = "http://ns.adobe.com/hdr-gain-map/1.0/";
const ITEMS: &str = "http://ns.google.com/photos/1.0/container/item/";

/// The XMP packet of an APP1 segment.
pub fn packet(content: &[u8]) -> Option<&str> {
    std::str::from_utf8(content.strip_prefix(NAME)?).ok()
}

/// The prefix that stands for a space of names.
fn prefix<'x>(xmp: &'x str, space: &str) -> Option<&'x str> {
    let before = &xmp[..xmp.find(space)?];
    let (_, name) = before.strip_suffix(['"', '\''])?.trim_end().strip_suffix('=')?.rsplit_once("xmlns:")?;
    let name = name.trim();
    (!name.is_empty() && name.len() <= 32).then_some(name)
}

/// The text of a name's value: of an attribute, or all that is in its element.
fn value<'x>(xmp: &'x str, prefix: &str, name: &str) -> Option<&'x str> {
    let whole = format!("{prefix}:{name}");
    xmp.match_indices(&whole).find_map(|(at, _)| {
        let rest = xmp[at + whole.len()..].trim_start();
        if let Some(rest) = rest.strip_prefix('=') {
            let rest = rest.trim_start();
            let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
            return rest[1..].split(quote).next();
        }
        let rest = rest.strip_prefix('>')?;
        Some(&rest[..rest.find(&format!("</{whole}"))?])
    })
}

/// One number, or three of a list.
fn numbers(text: &str) -> Option<[f64; 3]> {
    let mut found = text.split(['<', '>']).filter_map(|part| part.trim().parse::<f64>().ok());
    let first = found.next()?;
    match (found.next(), found.next()) {
        (Some(second), Some(third)) => Some([first, second, third]),
        _ => Some([first; 3]),
    }
}

/// `None` too where the picture is the bright one.
pub fn gains(xmp: &str) -> Option<Gains> {
    let prefix = prefix(xmp, GAINS)?;
    let is_read = value(xmp, prefix, "Version")?.trim().starts_with("1.");
    let is_bright = value(xmp, prefix, "BaseRenditionIsHDR").is_some_and(|v| v.trim().eq_ignore_ascii_case("true"));
    if !is_read || is_bright {
        return None;
    }
    let or = |name: &str, usual: f64| match value(xmp, prefix, name) {
        Some(text) => numbers(text),
        None => Some([usual; 3]),
    };
    Gains {
        least: or("GainMapMin", 0.0)?,
        // the one that has no usual value
        most: numbers(value(xmp, prefix, "GainMapMax")?)?,
        gamma: or("Gamma", 1.0)?,
        offset: or("OffsetSDR", 0.015_625)?,
        bright_offset: or("OffsetHDR", 0.015_625)?,
        from_headroom: or("HDRCapacityMin", 0.0)?[0],
        to_headroom: numbers(value(xmp, prefix, "HDRCapacityMax")?)?[0],
        of_own_colours: true,
    }
    .checked()
}

/// The bytes of the gain map that stands at the end of the file, by the directory of its pictures.
pub fn length_of_map(xmp: &str) -> Option<usize> {
    let prefix = prefix(xmp, ITEMS)?;
    let item = xmp.split('<').find(|tag| value(tag, prefix, "Semantic") == Some("GainMap"))?;
    value(item, prefix, "Length")?.trim().parse().ok()
}

/// The picture's packet: that there is a gain map, of so many bytes.
pub fn of_picture(map: usize) -> String {
    let spaces = format!(
        r#"xmlns:Container="http://ns.google.com/photos/1.0/container/" xmlns:Item="{ITEMS}" xmlns:hdrgm="{GAINS}""#
    );
    let item = |item: &str| format!(r#"<rdf:li rdf:parseType="Resource"><Container:Item {item}/></rdf:li>"#);
    let primary = item(r#"Item:Semantic="Primary" Item:Mime="image/jpeg""#);
    let map = item(&format!(r#"Item:Semantic="GainMap" Item:Mime="image/jpeg" Item:Length="{map}""#));
    enclosed(&format!(
        r#"<rdf:Description rdf:about="" {spaces} hdrgm:Version="1.0"><Container:Directory><rdf:Seq>{primary}{map}</rdf:Seq></Container:Directory></rdf:Description>"#
    ))
}

/// The map's packet.
pub fn of_map(gains: &Gains) -> String {
    let (mut attributes, mut elements) = (String::new(), String::new());
    let mut put = |name: &str, [r, g, b]: [f64; 3]| {
        if r == g && g == b {
            attributes += &format!(r#" hdrgm:{name}="{r}""#);
        } else {
            elements += &format!(
                "<hdrgm:{name}><rdf:Seq><rdf:li>{r}</rdf:li><rdf:li>{g}</rdf:li><rdf:li>{b}</rdf:li></rdf:Seq></hdrgm:{name}>"
            );
        }
    };
    put("GainMapMin", gains.least);
    put("GainMapMax", gains.most);
    put("Gamma", gains.gamma);
    put("OffsetSDR", gains.offset);
    put("OffsetHDR", gains.bright_offset);
    put("HDRCapacityMin", [gains.from_headroom; 3]);
    put("HDRCapacityMax", [gains.to_headroom; 3]);
    enclosed(&format!(
        r#"<rdf:Description rdf:about="" xmlns:hdrgm="{GAINS}" hdrgm:Version="1.0"{attributes} hdrgm:BaseRenditionIsHDR="False">{elements}</rdf:Description>"#
    ))
}

fn enclosed(description: &str) -> String {
    format!(
        r#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">{description}</rdf:RDF></x:xmpmeta>"#
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn three() -> Gains {
        Gains {
            least: [-0.5, 0.0, 0.25],
            most: [3.25, 3.0, 2.75],
            gamma: [0.75; 3],
            offset: [0.015_625; 3],
            bright_offset: [0.0; 3],
            from_headroom: 0.0,
            to_headroom: 3.25,
            of_own_colours: true,
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let one = Gains { least: [0.0; 3], most: [2.5; 3], ..three() };
        for gains in [one, three()] {
            assert_eq!(super::gains(&of_map(&gains)), Some(gains));
        }
        assert_eq!(length_of_map(&of_picture(66_171)), Some(66_171));
        assert_eq!(gains(&of_picture(9)), None);
    }

    #[test]
    fn any_prefix_and_either_quote_will_do() {
        let xmp = of_map(&three()).replace("hdrgm", "gm").replace('"', "'");
        assert_eq!(gains(&xmp), Some(three()));
        let usual = r#"<rdf:Description xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0" hdrgm:GainMapMax="4" hdrgm:HDRCapacityMax="4"/>"#;
        let read = gains(usual).unwrap();
        assert_eq!((read.least, read.gamma, read.offset), ([0.0; 3], [1.0; 3], [0.015_625; 3]));
    }

    #[test]
    fn what_makes_no_sense_is_none() {
        let whole = of_map(&three());
        for end in 0..whole.len() {
            let _ = gains(&whole[..end]);
            let _ = length_of_map(&of_picture(7)[..end.min(of_picture(7).len())]);
        }
        for (from, to) in
            [("1.0\"", "2.0\""), ("IsHDR=\"False", "IsHDR=\"True"), ("3.25", "NaN"), ("0.75", "0"), ("GainMapMax", "X")]
        {
            assert_eq!(gains(&whole.replace(from, to)), None, "{from} → {to}");
        }
    }
}
