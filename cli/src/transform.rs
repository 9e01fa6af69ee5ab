//! `deckle transform`.

use deckle::Image;

use crate::{Arguments, config, request};

pub fn run(input: &str, output: &str, arguments: &Arguments) -> Result<(), String> {
    let url = arguments.url.as_deref().ok_or("transform needs --url, such as --url '/400w/bw/x.jpg'")?;
    let config = config(arguments)?;
    let request = request(url, arguments, &config)?;
    let source = std::fs::read(input).map_err(|e| format!("{input}: {e}"))?;

    let image = |e: deckle::Error| format!("{input}: {}: {e}", e.code());
    let opened = Image::open(&source).map_err(image)?;
    let mut edits = request.edits;
    (edits.usual_quality, edits.usual_aim) = (config.quality, config.aim);
    edits.effort = edits.effort.or(config.effort);
    edits.cmyk = config.cmyk;
    let made = deckle::make(&opened, &edits, &config.limits, &mut |_| ()).map_err(image)?;

    // written whole or not at all
    let part = format!("{output}.part");
    std::fs::write(&part, &made.bytes).map_err(|e| format!("{part}: {e}"))?;
    std::fs::rename(&part, output).map_err(|e| format!("{output}: {e}"))?;
    eprintln!("{output}: {} {}×{}, {} bytes", made.media_type, made.size.width, made.size.height, made.bytes.len());
    Ok(())
}
