//! XML counted before it is parsed, so that what parsing takes is known.

use crate::Error;

/// Elements inside of each other.
pub const DEEPEST: usize = 100;
/// Attributes of one element: a parser compares each with all before it.
const MOST_ATTRIBUTES: u64 = 400;
/// Declarations of namespaces that are in force, summed over the elements that declare some.
const MOST_NAMESPACES: u64 = 1 << 20;

/// How much there is of what takes memory.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counted {
    /// Elements, and texts, comments and instructions between them, at most.
    pub nodes: u64,
    pub attributes: u64,
    namespaces: u64,
}

impl Counted {
    /// Bytes that the parsed text takes, at most.
    pub fn bytes(&self) -> u64 {
        self.nodes * 96 + self.attributes * 96 + self.namespaces * 4
    }
}

/// Counts. What is no XML is left to the parser to tell.
///
/// # Errors
/// More of something than may be.
pub fn counted(text: &str) -> Result<Counted, Error> {
    let bytes = text.as_bytes();
    let mut counted = Counted::default();
    // namespaces in force at each element that is open
    let mut open: Vec<u64> = Vec::new();
    let mut at = 0;
    while let Some(next) = bytes[at..].iter().position(|&byte| byte == b'<') {
        at += next;
        let rest = &text[at..];
        // itself, and a text before it
        counted.nodes += 2;
        let skip =
            |from: usize, end: &str| rest.get(from..).and_then(|rest| rest.find(end)).map(|to| from + to + end.len());
        let length = if rest.starts_with("<!--") {
            skip(4, "-->")
        } else if rest.starts_with("<![CDATA[") {
            skip(9, "]]>")
        } else if rest.starts_with("<?") {
            skip(2, "?>")
        } else if rest.starts_with("</") {
            open.pop();
            skip(2, ">")
        } else {
            element(rest.as_bytes())
                .map(|tag| {
                    counted.attributes += tag.attributes;
                    let before = open.last().copied().unwrap_or(0);
                    if tag.namespaces > 0 {
                        counted.namespaces += before + tag.namespaces;
                    }
                    if !tag.is_empty {
                        open.push(before + tag.namespaces);
                    }
                    (tag.length, tag.attributes)
                })
                .map(|(length, attributes)| if attributes > MOST_ATTRIBUTES { usize::MAX } else { length })
        };
        match length {
            Some(usize::MAX) => {
                return Err(limit("SVG attributes of an element", MOST_ATTRIBUTES + 1, MOST_ATTRIBUTES));
            }
            Some(length) => at += length,
            None => break,
        }
        if open.len() > DEEPEST {
            return Err(limit("SVG depth", open.len() as u64, DEEPEST as u64));
        }
        if counted.namespaces > MOST_NAMESPACES {
            return Err(limit("SVG namespaces", counted.namespaces, MOST_NAMESPACES));
        }
    }
    Ok(counted)
}

fn limit(what: &'static str, needed: u64, limit: u64) -> Error {
    Error::Limit { what, needed, limit }
}

struct Tag {
    length: usize,
    attributes: u64,
    namespaces: u64,
    is_empty: bool,
}

/// The tag that the text begins with; `None` where it does not end.
fn element(text: &[u8]) -> Option<Tag> {
    let mut tag = Tag { length: 0, attributes: 0, namespaces: 0, is_empty: false };
    let (mut at, mut word) = (1, 1);
    loop {
        match text.get(at)? {
            quote @ (b'"' | b'\'') => at += 1 + text[at + 1..].iter().position(|byte| byte == quote)?,
            b'=' => {
                tag.attributes += 1;
                tag.namespaces += u64::from(text[word..at].trim_ascii().starts_with(b"xmlns"));
            }
            byte if byte.is_ascii_whitespace() => word = at,
            b'>' => {
                tag.is_empty = text[at - 1] == b'/';
                tag.length = at + 1;
                return Some(tag);
            }
            _ => {}
        }
        at += 1;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_no_less_than_what_is_parsed() {
        for text in [
            "<svg xmlns='a'><g a=\"1\" b='>'/>text<!-- <x a=''> --><![CDATA[<y>]]><?pi a=b?></svg>",
            "<svg><a><b><c d = 'e'\n f='g'></c></b></a></svg>",
        ] {
            let document = roxmltree::Document::parse(text).unwrap();
            let counted = counted(text).unwrap();
            let attributes: usize = document.descendants().map(|node| node.attributes().len()).sum();
            assert!(counted.nodes >= document.descendants().count() as u64 - 1, "{text}");
            assert!(counted.attributes >= attributes as u64, "{text}");
        }
    }

    #[test]
    fn depth_attributes_and_namespaces_have_limits() {
        let deep = "<g>".repeat(DEEPEST + 1);
        assert!(matches!(counted(&deep), Err(Error::Limit { what: "SVG depth", .. })));
        assert!(counted(&"<g></g>".repeat(1000)).is_ok());
        let wide: String = (0..500).map(|i| format!(" a{i}=''")).collect();
        assert!(matches!(counted(&format!("<g{wide}/>")), Err(Error::Limit { .. })));
        let named: String = (0..300).map(|i| format!(" xmlns:a{i}=''")).collect();
        let many = format!("<g{named}>{}", "<g xmlns:b=''/>".repeat(5000));
        assert!(matches!(counted(&many), Err(Error::Limit { what: "SVG namespaces", .. })));
    }
}
