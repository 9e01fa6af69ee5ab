//! `deckle explain`.

use deckle::Image;

use crate::{Arguments, config, request};

pub fn run(url: &str, arguments: &Arguments) -> Result<(), String> {
    let config = config(arguments)?;
    let request = request(url, arguments, &config)?;
    println!("source     {}", request.source);
    println!("path       {}", request.path());
    if request.edits.is_empty() {
        println!("the original, as it is");
    } else {
        println!("stored as  {}", request.stored_key());
        println!("edits      {:#?}", request.edits);
    }
    let Some(path) = &arguments.image else {
        return Ok(());
    };
    let source = std::fs::read(path).map_err(|e| format!("{path}: {e}"))?;
    let image = |e: deckle::Error| format!("{path}: {}: {e}", e.code());
    let opened = Image::open(&source).map_err(image)?;
    println!("image      {:#?}", opened.info());
    let plan = opened.plan(&request.edits, &config.limits).map_err(image)?;
    println!("plan       {plan:#?}");
    Ok(())
}
