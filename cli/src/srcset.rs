//! `deckle srcset`: what a page says of an image in several sizes. The package for JavaScript writes the same text
//! (`tests/parity/srcset.json`).

use crate::Arguments;
use crate::sign::Key;

const WIDTHS: &[u32] = &[320, 480, 640, 960, 1280, 1920];

pub fn run(url: &str, arguments: &Arguments) -> Result<(), String> {
    let widths = match &arguments.widths {
        None => WIDTHS.to_vec(),
        Some(list) => list.split(',').map(width).collect::<Result<_, _>>()?,
    };
    let key = arguments.key_id.as_ref().map(|_| Key::read(arguments)).transpose()?;
    let page = Page {
        url: Parts::of(url),
        widths: ascending(widths),
        sizes: arguments.sizes.as_deref().unwrap_or("100vw"),
        alt: arguments.alt.as_deref().unwrap_or(""),
        key,
    };
    let text = match &arguments.formats {
        None => page.img()?,
        Some(formats) => page.picture(&formats.split(',').collect::<Vec<_>>())?,
    };
    println!("{text}");
    Ok(())
}

fn width(text: &str) -> Result<u32, String> {
    let wrong = || format!("--widths holds {text}; expected integers from 1 to 8192");
    text.trim().parse().ok().filter(|width| (1..=8192).contains(width)).ok_or_else(wrong)
}

fn ascending(mut widths: Vec<u32>) -> Vec<u32> {
    widths.sort_unstable();
    widths.dedup();
    widths
}

/// A URL, not decoded.
struct Parts<'a> {
    before: &'a str,
    pairs: Vec<&'a str>,
}

impl<'a> Parts<'a> {
    fn of(url: &'a str) -> Self {
        let url = url.split('#').next().unwrap_or(url);
        let (before, query) = url.split_once('?').unwrap_or((url, ""));
        Self { before, pairs: query.split('&').filter(|pair| !pair.is_empty()).collect() }
    }

    fn number(&self, names: [&str; 2]) -> Option<f64> {
        let given = |name| self.pairs.iter().rev().find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        let number = given(names[0]).or_else(|| given(names[1]))?.parse::<f64>().ok()?;
        (number > 0.0).then_some(number)
    }

    /// With other values, in place of those of the same names.
    fn with(&self, given: &[(&[&str], String)]) -> String {
        let is_replaced =
            |pair: &&&str| given.iter().any(|(names, _)| names.contains(&pair.split('=').next().unwrap_or(pair)));
        let kept = self.pairs.iter().filter(|pair| !is_replaced(pair)).map(|pair| escaped(pair));
        let added = given.iter().map(|(names, value)| format!("{}={value}", names[0]));
        let query: Vec<String> = kept.chain(added).collect();
        format!("{}?{}", escaped(self.before), query.join("&"))
    }
}

struct Page<'a> {
    url: Parts<'a>,
    widths: Vec<u32>,
    sizes: &'a str,
    alt: &'a str,
    key: Option<Key>,
}

impl Page<'_> {
    fn img(&self) -> Result<String, String> {
        let usual = self.widths.iter().rfind(|width| **width <= 1000).or(self.widths.first()).copied().unwrap_or(960);
        Ok(format!(
            "<img src=\"{}\" srcset=\"{}\" sizes=\"{}\" alt=\"{}\" loading=\"lazy\" decoding=\"async\">",
            attribute(&self.at(usual, None)?),
            self.srcset(None)?,
            attribute(self.sizes),
            attribute(self.alt)
        ))
    }

    fn picture(&self, formats: &[&str]) -> Result<String, String> {
        let mut text = String::from("<picture>\n");
        for format in formats {
            let kind = if *format == "jpg" { "jpeg" } else { format };
            let (set, sizes) = (self.srcset(Some(format))?, attribute(self.sizes));
            text += &format!("  <source type=\"image/{}\" srcset=\"{set}\" sizes=\"{sizes}\">\n", attribute(kind));
        }
        Ok(format!("{text}  {}\n</picture>", self.img()?))
    }

    fn srcset(&self, format: Option<&str>) -> Result<String, String> {
        let candidate = |width: &u32| Ok(format!("{} {width}w", attribute(&self.at(*width, format)?)));
        Ok(self.widths.iter().map(candidate).collect::<Result<Vec<_>, String>>()?.join(", "))
    }

    /// The same picture at another width: its height follows.
    fn at(&self, width: u32, format: Option<&str>) -> Result<String, String> {
        let mut given: Vec<(&[&str], String)> = vec![(&["width", "w"], width.to_string())];
        if let (Some(w), Some(h)) = (self.url.number(["width", "w"]), self.url.number(["height", "h"])) {
            let height = (h * f64::from(width) / w + 0.5).floor().max(1.0);
            given.push((&["height", "h"], height.to_string()));
        }
        given.extend(format.map(|format| -> (&[&str], String) { (&["format", "f", "fm", "output"], escaped(format)) }));
        let url = self.url.with(&given);
        self.key.as_ref().map_or(Ok(url.clone()), |key| key.sign(&url))
    }
}

/// Escapes what no URL may hold; what is escaped already stays as it is.
fn escaped(text: &str) -> String {
    let bytes = text.as_bytes();
    let is_escape = |at: usize| bytes.get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit));
    let mut out = String::new();
    for (at, &byte) in bytes.iter().enumerate() {
        let stays = byte.is_ascii_alphanumeric() || b";,/?:@&=+$-_.!~*'()#".contains(&byte);
        if stays || (byte == b'%' && is_escape(at)) {
            out.push(char::from(byte));
        } else {
            out += &format!("%{byte:02X}");
        }
    }
    out
}

fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_text_is_that_of_the_vectors() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/parity/srcset.json");
        let vectors: Vec<serde_json::Value> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        // here what is asked for at every width stands in the URL
        let vectors: Vec<_> = vectors.iter().filter(|vector| vector["options"]["edits"].is_null()).collect();
        assert!(vectors.len() >= 5);
        for vector in vectors {
            let options = &vector["options"];
            let widths = options["widths"].as_array();
            let page = Page {
                url: Parts::of(vector["src"].as_str().unwrap()),
                widths: widths.map_or(WIDTHS.to_vec(), |list| {
                    ascending(list.iter().map(|width| width.as_u64().unwrap() as u32).collect())
                }),
                sizes: options["sizes"].as_str().unwrap_or("100vw"),
                alt: options["alt"].as_str().unwrap_or(""),
                key: None,
            };
            let formats: Vec<&str> = match options["formats"].as_array() {
                Some(formats) => formats.iter().map(|format| format.as_str().unwrap()).collect(),
                None => vec!["webp"],
            };
            assert_eq!(page.img().unwrap(), vector["img"].as_str().unwrap(), "{}", vector["name"]);
            assert_eq!(page.picture(&formats).unwrap(), vector["picture"].as_str().unwrap(), "{}", vector["name"]);
        }
    }

    #[test]
    fn a_width_that_is_none_says_so() {
        assert_eq!(width("0").unwrap_err(), "--widths holds 0; expected integers from 1 to 8192");
        assert!(width("a").is_err());
    }
}
