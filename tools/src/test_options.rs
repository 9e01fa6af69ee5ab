//! What the command line of `wasm-bindgen-test-runner` says, and which tests it selects.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

/// The file name of the bindings of a test program.
pub(crate) const MODULE: &str = "wasm-bindgen-test";

/// What the command line says.
#[derive(Debug, Default, PartialEq)]
pub struct Options {
    /// The test program that cargo compiled.
    pub module: PathBuf,
    /// Run only tests whose names contain this.
    pub filter: Option<String>,
    /// Names are compared whole.
    pub exact: bool,
    /// Leave out tests whose names contain one of these.
    pub skip: Vec<String>,
    /// Run `#[ignore]`d tests too.
    pub include_ignored: bool,
    /// Run only `#[ignore]`d tests.
    pub ignored: bool,
    /// Print what tests print, also when they pass.
    pub nocapture: bool,
    /// Print names, run nothing.
    pub list: bool,
}

/// A test function.
#[derive(Debug, PartialEq)]
pub struct Test {
    /// Its path in Rust, without the crate.
    pub name: String,
    /// The name that the module exports it by.
    pub export: String,
    /// Has `#[ignore]`.
    pub ignored: bool,
}

impl Options {
    /// Reads arguments, without the program's name.
    ///
    /// # Errors
    /// An option that is unknown or lacks its value, or no module.
    pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Self> {
        let mut options = Self::default();
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--exact" => options.exact = true,
                "--skip" => options.skip.push(arguments.next().context("--skip needs a name")?),
                "--include-ignored" => options.include_ignored = true,
                "--ignored" => options.ignored = true,
                "--nocapture" => options.nocapture = true,
                "--list" => options.list = true,
                // `cargo test --quiet` asks for one character a test; these tests print a line each
                "--format" => drop(arguments.next()),
                "--quiet" | "--format=terse" => {}
                option if option.starts_with('-') => {
                    bail!("unknown option {option}; the original wasm-bindgen-test-runner has more")
                }
                _ if options.module.as_os_str().is_empty() => options.module = argument.into(),
                _ if options.filter.is_none() => options.filter = Some(argument),
                _ => bail!("a second filter, {argument}"),
            }
        }
        if options.module.as_os_str().is_empty() {
            bail!(
                "usage: wasm-bindgen-test-runner MODULE.wasm [FILTER] [--exact] [--skip NAME] [--ignored] [--nocapture] [--list]"
            );
        }
        Ok(options)
    }

    /// Whether a test is to be run.
    #[must_use]
    pub fn selects(&self, test: &Test) -> bool {
        let matches =
            |pattern: &String| if self.exact { test.name == *pattern } else { test.name.contains(pattern.as_str()) };
        self.filter.as_ref().is_none_or(matches) && !self.skip.iter().any(matches) && (!self.ignored || test.ignored)
    }
}
