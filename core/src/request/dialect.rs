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
    }
}

/// The dialects of a configuration; native alone where it says nothing.
pub fn read(words: Option<&[String]>) -> Result<Vec<Dialect>, String> {
    let Some(words) = words else {
        return Ok(vec![Dialect::Native]);
    };
    let known = |word: &String| Dialect::from_word(word).ok_or_else(|| format!("{word} is not native, sih or thumbor"));
    let dialects = words.iter().map(known).collect::<Result<Vec<_>, _>>()?;
    if dialects.is_empty() { Err("is empty".into()) } else { Ok(dialects) }
}
