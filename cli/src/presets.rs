//! `deckle presets`.

use deckle::request::{READY, Request, Viewer};

use crate::Arguments;

pub fn run(arguments: &Arguments) -> Result<(), String> {
    if arguments.config.is_none() {
        for ready in READY {
            println!("{:<20} {:<7} {:<72} {}", ready.name, ready.group, ready.query, ready.source);
        }
        return Ok(());
    }
    let config = crate::config(arguments)?;
    for name in config.settings.preset_names() {
        let request = Request::parse("/photo.jpg", &format!("dimensions={name}"), &Viewer::default(), &config.settings);
        let path = request.map_or_else(|error| error.to_string(), |request| request.path());
        println!("{name:<40} {path}");
    }
    Ok(())
}
