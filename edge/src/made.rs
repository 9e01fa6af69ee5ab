//! Parts become an image.

use deckle::edit::Edits;
use deckle::{Error, Image, Limits, Output, Stage};

use crate::Config;
use crate::part::Part;
use crate::timing::Timing;

/// Does to the parts' bytes what edits ask, and adds to the timing what each stage took.
///
/// # Errors
/// The source's or the edits' fault.
pub fn made(
    parts: &[Part],
    edits: &Edits,
    config: &Config,
    timing: &mut Timing,
    clock: &dyn Fn() -> f64,
) -> Result<Output, Error> {
    let base = parts.first().and_then(|part| part.bytes.as_deref()).unwrap_or_default();
    let mut layers = Vec::new();
    for overlay in parts.iter().skip(1).take(edits.laid().count()) {
        layers.push(Image::open(overlay.bytes.as_deref().unwrap_or_default()).map_err(Error::of_overlay)?);
    }
    let image = Image::open(base)?.with_layers(layers);
    let mut edits = edits.clone();
    (edits.usual_quality, edits.usual_aim) = (config.quality, config.aim);
    edits.effort = edits.effort.or(config.effort);
    edits.cmyk = config.cmyk;
    // the limit is on all that one request holds; the core counts the source, and other parts are held while the image is made
    let held: u64 = parts.iter().skip(1).filter_map(|part| part.bytes.as_ref()).map(|bytes| bytes.len() as u64).sum();
    let limits = Limits { memory_bytes: config.limits.memory_bytes.saturating_sub(held), ..config.limits };
    let mut last = clock();
    deckle::make(&image, &edits, &limits, &mut |stage| {
        let now = clock();
        let name = match stage {
            Stage::Resized => "resize",
            Stage::Encoded => "encode",
        };
        timing.add(name, now - last);
        last = now;
    })
}
