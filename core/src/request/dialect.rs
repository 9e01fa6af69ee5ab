//! The dialects of URLs, by their names in the configuration.

use crate::words::words;

words! {
    /// A dialect of URLs.
    Dialect {
        /// Ours.
        Native = "native",
        /// The JSON of AWS's Serverless Image Handler, and its query edits.
        Sih = "sih",
        /// The paths of Thumbor, as AWS's handler reads them.
        Thumbor = "thumbor",
        /// Version 8 of AWS's handler, Dynamic Image Transformation.
        Dit = "dit",
        /// Shopify's words.
        Shopify = "shopify",
        /// WordPress's.
        WordPress = "wordpress",
    }
}

impl Dialect {
    /// Whether it is words of a query beside a plain key.
    pub fn is_of_words(self) -> bool {
        matches!(self, Self::Dit | Self::Shopify | Self::WordPress)
    }
}

/// The dialects of a configuration; native alone where it says nothing.
pub fn read(words: Option<&[String]>) -> Result<Vec<Dialect>, String> {
    let Some(words) = words else {
        return Ok(vec![Dialect::Native]);
    };
    let known = |word: &String| {
        Dialect::from_word(word).ok_or_else(|| format!("{word} is not native, sih, thumbor, dit, shopify or wordpress"))
    };
    let dialects = words.iter().map(known).collect::<Result<Vec<_>, _>>()?;
    let is_of_words = |dialect: &Dialect| dialect.is_of_words();
    let shares = |dialect: &Dialect| matches!(dialect, Dialect::Sih);
    match dialects.iter().position(is_of_words) {
        _ if dialects.is_empty() => Err("is empty".into()),
        Some(at) if dialects[at + 1..].iter().any(is_of_words) || dialects.iter().any(shares) => {
            Err("has two of sih, dit, shopify and wordpress, which have words in common".into())
        }
        Some(at) if dialects[..at].contains(&Dialect::Native) => {
            Err("has native before a dialect that it has words in common with".into())
        }
        _ => Ok(dialects),
    }
}
