//! `deckle check`.

/// Whether every host can use a `deckle.json`, as far as its text tells.
pub fn run(path: &str) -> Result<(), String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{path}: {e}"))?;
    let config = deckle_edge::Config::from_json(&text).and_then(|_| deckle_edge::hosts::check(&text));
    config.map_err(|e| e.to_string())?;
    println!("{path} can be used");
    Ok(())
}
