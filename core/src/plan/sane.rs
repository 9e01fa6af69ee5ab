//! Values that no URL can ask for, and Rust code can.

use crate::Error;
use crate::edit::Edits;

/// Refuses values outside of what the table of edits allows, where planning or an encoder builds on that.
pub fn check(edits: &Edits) -> Result<(), Error> {
    let refuse = |name, reason: String| Err(Error::Edit { name, reason });
    for (name, side) in [("width", edits.width), ("height", edits.height)] {
        if side == Some(0) {
            return refuse(name, "is 0; expected at least 1".into());
        }
    }
    if edits.crop.is_some_and(|crop| crop.width == 0 || crop.height == 0) {
        return refuse("crop", "has a side of 0; expected at least 1".into());
    }
    if edits.ratio.is_some_and(|ratio| ratio.width == 0 || ratio.height == 0) {
        return refuse("ar", "has a side of 0; expected more".into());
    }
    if edits.face().is_some() {
        return refuse("face", "was not looked for".into());
    }
    match (edits.quality, edits.effort) {
        (Some(quality), _) if !(1..=100).contains(&quality) => {
            refuse("quality", format!("is {quality}; expected 1 to 100"))
        }
        (_, Some(effort)) if effort > 6 => refuse("effort", format!("is {effort}; expected 0 to 6")),
        _ => Ok(()),
    }
}
