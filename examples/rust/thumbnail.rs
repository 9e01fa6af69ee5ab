//! Makes an image smaller.
//!
//!     cargo run -p deckle --example thumbnail -- IN WIDTH OUT

use std::{env, error::Error, fs, process::ExitCode};

use deckle::{Image, Limits, edit::Edits, transform};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [input, width, output] = arguments.as_slice() else {
        eprintln!("usage: thumbnail IN WIDTH OUT");
        return ExitCode::FAILURE;
    };
    match thumbnail(input, width, output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("thumbnail: {error}");
            ExitCode::FAILURE
        }
    }
}

fn thumbnail(input: &str, width: &str, output: &str) -> Result<(), Box<dyn Error>> {
    let bytes = fs::read(input)?;
    // reads the header; nothing is decoded yet
    let image = Image::open(&bytes)?;
    let edits = Edits { width: Some(width.parse()?), ..Edits::default() };
    // limits are checked here: a plan that is made can be carried out in the memory that it states
    let plan = image.plan(&edits, &Limits::default())?;
    let made = transform(&image, &plan, &mut |_| ())?;
    fs::write(output, &made.bytes)?;
    println!("{output}: {} × {}, {}", made.size.width, made.size.height, made.format.media_type());
    Ok(())
}
