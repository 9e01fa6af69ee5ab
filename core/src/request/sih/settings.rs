//! The part of the configuration that stands where AWS's handler has environment variables.

use regex_lite::{Captures, Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

/// As written in `deckle.json`, under `sih`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct SihSource {
    /// `SOURCE_BUCKETS`: the buckets that a request may name; the first is that of requests that name none.
    pub source_buckets: Vec<String>,
    /// `AUTO_WEBP`: WebP for those who accept it.
    pub auto_webp: bool,
    /// `REWRITE_MATCH_PATTERN` and `REWRITE_SUBSTITUTION`.
    pub rewrite: Option<RewriteSource>,
    /// `ENABLE_SIGNATURE` and the secret. With it every request has to be signed.
    pub signature: Option<SignatureSource>,
    /// `DEFAULT_FALLBACK_IMAGE_BUCKET` and `_KEY`: what is shown in place of an error.
    pub fallback: Option<ObjectSource>,
    /// What `smartCrop` does where nothing detects faces: `whole` or `attention`.
    pub smart_crop: Option<String>,
    /// What sees faces, and what is not to be shown, in a picture: `rekognition`, where the host has it.
    pub detector: Option<String>,
    /// `keep` leaves metadata in the image as the handler does; `strip` takes it out, and shares images with native URLs.
    pub metadata: Option<String>,
    /// `keep` leaves a photo lying as it is stored, with the tag that turns it; `apply` turns it.
    pub orientation: Option<String>,
}

/// A rewrite of paths.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RewriteSource {
    /// `/expression/flags`, in JavaScript's syntax.
    pub pattern: String,
    /// With `$1`, `$<name>`, `$&`.
    pub substitution: String,
}

/// A secret.
#[derive(Clone, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignatureSource {
    /// The value behind `SECRET_KEY` in the secret that `SECRETS_MANAGER` names.
    pub secret: String,
}

impl std::fmt::Debug for SignatureSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a secret")
    }
}

/// An object in a bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ObjectSource {
    /// One of `sourceBuckets`, or the first when left out.
    #[serde(default)]
    pub bucket: Option<String>,
    /// The object's name.
    pub key: String,
}

/// What `smartCrop` does where nothing detects faces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SmartCrop {
    /// Nothing: what the handler does where it finds no face.
    #[default]
    Whole,
    /// A cover crop keeps what draws the eye.
    Attention,
}

/// Checked.
#[derive(Clone, Debug, Default)]
pub struct Sih {
    pub source_buckets: Vec<String>,
    pub auto_webp: bool,
    pub rewrite: Option<Rewrite>,
    pub secret: Option<SignatureSource>,
    pub fallback: Option<ObjectSource>,
    pub smart_crop: SmartCrop,
    /// Whether a detector is to be asked.
    pub detects: bool,
    pub strips_metadata: bool,
    pub turns: bool,
}

impl Sih {
    /// Reads and checks; an error is the setting and what is wrong with it.
    pub fn new(source: &SihSource) -> Result<Self, (String, String)> {
        let fail = |at: &str, message: &str| Err((format!("sih.{at}"), message.to_owned()));
        let is_bucket = |name: &String| {
            (1..=255).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
        };
        if !source.source_buckets.iter().all(is_bucket) {
            return fail("sourceBuckets", "holds what is not the name of a bucket");
        }
        if source.signature.as_ref().is_some_and(|signature| signature.secret.is_empty()) {
            return fail("signature.secret", "is empty");
        }
        if let Some(bucket) = source.fallback.as_ref().and_then(|fallback| fallback.bucket.as_ref())
            && !source.source_buckets.contains(bucket)
        {
            return fail("fallback.bucket", "is not one of sourceBuckets");
        }
        let one_of = |at: &'static str, given: &Option<String>, words: [&str; 2]| match given.as_deref() {
            None => Ok(false),
            Some(word) if word == words[0] => Ok(false),
            Some(word) if word == words[1] => Ok(true),
            Some(_) => Err((format!("sih.{at}"), format!("is not {} or {}", words[0], words[1]))),
        };
        let attention = one_of("smartCrop", &source.smart_crop, ["whole", "attention"])?;
        let detects = match source.detector.as_deref() {
            None => false,
            Some("rekognition") => true,
            Some(_) => return fail("detector", "is not rekognition"),
        };
        Ok(Self {
            detects,
            source_buckets: source.source_buckets.clone(),
            auto_webp: source.auto_webp,
            rewrite: source.rewrite.as_ref().map(Rewrite::new).transpose()?,
            secret: source.signature.clone(),
            fallback: source.fallback.clone(),
            smart_crop: if attention { SmartCrop::Attention } else { SmartCrop::Whole },
            strips_metadata: one_of("metadata", &source.metadata, ["keep", "strip"])?,
            turns: one_of("orientation", &source.orientation, ["keep", "apply"])?,
        })
    }
}

/// A checked rewrite.
#[derive(Clone, Debug)]
pub struct Rewrite {
    expression: Regex,
    /// Every match, or the first.
    is_global: bool,
    substitution: String,
}

impl Rewrite {
    fn new(source: &RewriteSource) -> Result<Self, (String, String)> {
        let fail = |message: String| ("sih.rewrite.pattern".to_owned(), message);
        let inner = source.pattern.strip_prefix('/').and_then(|text| text.rsplit_once('/'));
        let Some((expression, flags)) = inner else {
            return Err(fail("is not of the form /expression/flags".into()));
        };
        if let Some(flag) = flags.chars().find(|flag| !"gimsu".contains(*flag)) {
            return Err(fail(format!("has the flag {flag}; g, i, m, s and u are known")));
        }
        let expression = RegexBuilder::new(expression)
            .case_insensitive(flags.contains('i'))
            .multi_line(flags.contains('m'))
            .dot_matches_new_line(flags.contains('s'))
            .size_limit(1 << 20)
            .build()
            .map_err(|e| fail(format!("cannot be used: {e}")))?;
        Ok(Self { expression, is_global: flags.contains('g'), substitution: source.substitution.clone() })
    }

    /// JavaScript's `path.replace(pattern, substitution)`.
    pub fn apply(&self, path: &str) -> String {
        let mut out = String::new();
        let mut done = 0;
        let count = if self.is_global { usize::MAX } else { 1 };
        for captures in self.expression.captures_iter(path).take(count) {
            let Some(whole) = captures.get(0) else { break };
            out.push_str(&path[done..whole.start()]);
            self.substitute(path, (whole.start(), whole.end()), &captures, &mut out);
            done = whole.end();
        }
        out.push_str(&path[done..]);
        out
    }

    /// `$$`, `$&`, `` $` ``, `$'`, `$1` to `$99`, and `$<name>` where there are names; anything else stands for itself.
    fn substitute(&self, path: &str, (start, end): (usize, usize), captures: &Captures<'_>, out: &mut String) {
        let groups = captures.len();
        let group = |n: usize| captures.get(n).map_or("", |group| group.as_str());
        let has_names = self.expression.capture_names().flatten().next().is_some();
        let named = |rest: &str| {
            let (name, _) = rest.strip_prefix('<').filter(|_| has_names)?.split_once('>')?;
            Some((captures.name(name).map_or("", |group| group.as_str()), name.len() + 2))
        };
        let mut rest = self.substitution.as_str();
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            let digits = rest.bytes().take(2).take_while(u8::is_ascii_digit).count();
            let number = (1..=digits).rev().find_map(|n| {
                let number = rest[..n].parse::<usize>().ok()?;
                (number > 0 && number < groups).then_some((number, n))
            });
            let (text, length) = match (rest.bytes().next(), number) {
                (_, Some((number, length))) => (group(number), length),
                (Some(b'$'), _) => ("$", 1),
                (Some(b'&'), _) => (&path[start..end], 1),
                (Some(b'`'), _) => (&path[..start], 1),
                (Some(b'\''), _) => (&path[end..], 1),
                _ => named(rest).unwrap_or(("$", 0)),
            };
            out.push_str(text);
            rest = &rest[length..];
        }
        out.push_str(rest);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn rewritten(pattern: &str, substitution: &str, path: &str) -> String {
        let source = RewriteSource { pattern: pattern.into(), substitution: substitution.into() };
        Rewrite::new(&source).unwrap().apply(path)
    }

    #[test]
    fn a_rewrite_is_javascripts_replace() {
        assert_eq!(rewritten("/(filters-)/gm", "filters:", "/filters-a()/filters-b()/x"), "/filters:a()/filters:b()/x");
        assert_eq!(rewritten(r"/^\/small\//", "/fit-in/100x100/", "/small/small/p.jpg"), "/fit-in/100x100/small/p.jpg");
        assert_eq!(rewritten(r"/(\d+)-(\d+)/i", "$2x$1$$$&$0", "/a/10-20/b"), "/a/20x10$10-20$0/b");
        assert_eq!(rewritten("/B/i", "[$`|$']", "abc"), "a[a|c]c");
        assert_eq!(rewritten(r"/(?<w>\d+)w/", "$<w>x0$<none>", "/50w/a"), "/50x0/a");
        assert_eq!(rewritten("/a/", "$<w>", "/a"), "/$<w>");
    }

    #[test]
    fn a_rewrite_that_cannot_be_used_is_a_mistake_of_the_configuration() {
        for pattern in ["abc", "/a(/", "/a/y", "/(?=a)/"] {
            let source = RewriteSource { pattern: pattern.into(), substitution: String::new() };
            assert!(Rewrite::new(&source).is_err(), "{pattern}");
        }
    }
}
