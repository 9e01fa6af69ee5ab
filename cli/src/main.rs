//! `deckle`: the same core as at the edge, on files.

mod explain;
mod sign;
mod transform;

use std::process::ExitCode;

const USAGE: &str = "\
deckle transform IN OUT --url URL [--config FILE]    do to a file what a URL says
deckle explain URL [--image FILE] [--config FILE] [--accept HEADER]
                                                     what a URL means; with an image, its plan
deckle sign URL --key-id ID [--secret-file FILE] [--expires-in SECONDS]
                                                     a URL with its signature; the secret may be in DECKLE_SECRET
deckle edits                                         the edits table as JSON

URL is a canonical path (/400w/bw/x.jpg) or a path with a query (/x.jpg?width=400&style=bw).
";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("deckle: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Options and arguments as given.
#[derive(Default)]
struct Arguments {
    values: Vec<String>,
    url: Option<String>,
    image: Option<String>,
    config: Option<String>,
    accept: Option<String>,
    key_id: Option<String>,
    secret_file: Option<String>,
    expires_in: Option<String>,
}

fn run() -> Result<(), String> {
    let arguments = parse()?;
    let values: Vec<&str> = arguments.values.iter().map(String::as_str).collect();
    match *values {
        ["transform", input, output] => transform::run(input, output, &arguments),
        ["explain", url] => explain::run(url, &arguments),
        ["sign", url] => sign::run(url, &arguments),
        ["edits"] => {
            println!("{:#}", deckle::edit::table::to_json());
            Ok(())
        }
        ["help"] | [] => {
            print!("{USAGE}");
            Ok(())
        }
        _ => Err(format!("cannot make sense of these arguments\n\n{USAGE}")),
    }
}

fn parse() -> Result<Arguments, String> {
    use lexopt::prelude::*;
    let mut arguments = Arguments::default();
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next().map_err(|e| e.to_string())? {
        let slot = match argument {
            Long("help") | Short('h') => {
                arguments.values = vec!["help".into()];
                return Ok(arguments);
            }
            Long("url") => &mut arguments.url,
            Long("image") => &mut arguments.image,
            Long("config") => &mut arguments.config,
            Long("accept") => &mut arguments.accept,
            Long("key-id") => &mut arguments.key_id,
            Long("secret-file") => &mut arguments.secret_file,
            Long("expires-in") => &mut arguments.expires_in,
            Value(value) => {
                arguments.values.push(value.string().map_err(|e| e.to_string())?);
                continue;
            }
            other => return Err(other.unexpected().to_string()),
        };
        *slot = Some(parser.value().and_then(|v| v.string()).map_err(|e| e.to_string())?);
    }
    Ok(arguments)
}

/// The configuration of `--config`, or the default one.
fn config(arguments: &Arguments) -> Result<deckle_edge::Config, String> {
    match &arguments.config {
        None => Ok(deckle_edge::Config::default()),
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|e| format!("{path}: {e}"))?;
            deckle_edge::Config::from_json(&text).map_err(|e| format!("{path}: {e}"))
        }
    }
}

/// What a URL asks for. A scheme and host, if any, are passed over.
fn request(url: &str, arguments: &Arguments, config: &deckle_edge::Config) -> Result<deckle::request::Request, String> {
    let local = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |slash| &rest[slash..]),
        None => url,
    };
    let (path, query) = local.split_once('?').unwrap_or((local, ""));
    if !path.starts_with('/') {
        return Err(format!("{url} is not a URL: its path starts with /"));
    }
    let viewer = deckle::request::Viewer { accept: arguments.accept.as_deref(), ..Default::default() };
    deckle::request::Request::parse(path, query, &viewer, &config.settings).map_err(|e| format!("{}: {e}", e.code()))
}
