//! The published schema is what the types say, and what it is for works.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::process::Command;

fn deckle(arguments: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_deckle")).args(arguments).output().unwrap();
    let text = if output.status.success() { output.stdout } else { output.stderr };
    (output.status.success(), String::from_utf8(text).unwrap())
}

#[test]
fn the_committed_schema_is_what_the_types_say() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/deckle.schema.json");
    let (_, text) = deckle(&["schema"]);
    if std::env::var_os("DECKLE_BLESS").is_some() {
        std::fs::write(path, &text).unwrap();
        panic!("wrote deckle.schema.json; run again without DECKLE_BLESS");
    }
    let committed = std::fs::read_to_string(path).unwrap();
    assert!(committed == text, "docs/deckle.schema.json is out of date: run `make generate`");
}

#[test]
fn the_example_of_the_readme_can_be_used_and_a_mistake_in_a_section_of_a_host_has_its_line() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).unwrap();
    let example = readme.split("```json\n").nth(1).unwrap().split("```").next().unwrap();
    let file = std::env::temp_dir().join(format!("deckle-check-{}.json", std::process::id()));
    let path = file.to_str().unwrap();
    std::fs::write(&file, example).unwrap();
    assert_eq!(deckle(&["check", path]), (true, format!("{path} can be used\n")));
    std::fs::write(&file, "{\n  \"worker\": {\n    \"origin\": {}\n  }\n}").unwrap();
    let (is_good, message) = deckle(&["check", path]);
    assert!(!is_good && message.starts_with("deckle: deckle.json:3: unknown field `origin`"), "{message}");
    std::fs::remove_file(&file).unwrap();
}

#[test]
fn presets_of_the_catalogue_and_of_a_configuration_are_listed() {
    let (_, catalogue) = deckle(&["presets"]);
    assert!(catalogue.contains("width=1080&height=1920&fit=cover"));
    assert!(catalogue.lines().count() >= 20 && catalogue.lines().all(|line| line.contains("http")));
    let file = std::env::temp_dir().join(format!("deckle-presets-{}.json", std::process::id()));
    std::fs::write(&file, r#"{ "readyPresets": ["favicon-32"], "presets": { "bw": "style=bw" } }"#).unwrap();
    let (_, listed) = deckle(&["presets", "--config", file.to_str().unwrap()]);
    let listed: Vec<String> =
        listed.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(listed, ["bw /default/bw/photo.jpg", "favicon-32 /32h32w/fit-cover~format-png/photo.jpg"]);
    std::fs::remove_file(&file).unwrap();
}
