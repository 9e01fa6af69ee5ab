//! `wasm-bindgen-test-runner`, in the version that the workspace pins.

use std::{env, process::ExitCode};

use deckle_tools::{VERSION, test_options::Options};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--version" || argument == "-V") {
        println!("wasm-bindgen-test-runner {VERSION}");
        return ExitCode::SUCCESS;
    }
    match Options::parse(arguments).and_then(|options| options.run()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("wasm-bindgen-test-runner: {error:#}");
            ExitCode::FAILURE
        }
    }
}
