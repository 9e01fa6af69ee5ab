//! `wasm-bindgen-test-runner MODULE.wasm [FILTER] [options]`: runs the `#[wasm_bindgen_test]` functions of a test program in Node.
//! Cargo calls it once for each test program, as the runner of the wasm32 target.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, process};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;
use wasmparser::{Parser, Payload};

use crate::test_script;

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

    /// Runs the tests, with their output on the standard output.
    ///
    /// # Errors
    /// A test failed, or the module cannot be read or run.
    pub fn run(&self) -> Result<()> {
        let module = fs::read(&self.module).with_context(|| format!("reading {}", self.module.display()))?;
        let all = tests(&module)?;
        let found = all.len();
        let selected: Vec<Test> = all.into_iter().filter(|test| self.selects(test)).collect();
        if self.list {
            selected.iter().for_each(|test| println!("{}: test", test.name));
            return Ok(());
        }
        // a module without tests lacks the functions that run them
        if selected.is_empty() {
            println!("no tests to run!");
            return Ok(());
        }
        let directory = Temporary::create()?;
        let mut bindgen = Bindgen::new();
        bindgen.nodejs(true)?.debug(true).emit_start(false).input_bytes(MODULE, module);
        bindgen.generate(&directory.0).context("making the bindings of the test program")?;
        let script = directory.0.join("run.cjs");
        fs::write(&script, test_script::script(self, &selected, found - selected.len()))?;
        node(&script)
    }
}

/// The tests that a module exports.
///
/// # Errors
/// The module cannot be parsed, or its tests are to be run in a browser.
pub fn tests(module: &[u8]) -> Result<Vec<Test>> {
    let mut tests = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload.context("parsing the test program")? {
            Payload::ExportSection(exports) => {
                for export in exports {
                    tests.extend(test(export?.name));
                }
            }
            // written by `wasm_bindgen_test_configure!`; 5 is Node
            Payload::CustomSection(section)
                if section.name() == "__wasm_bindgen_test_unstable" && !section.data().contains(&5) =>
            {
                bail!("tests in browsers need the original wasm-bindgen-test-runner");
            }
            _ => {}
        }
    }
    Ok(tests)
}

/// The test of an exported name: `__wbgt_`, flags, `_`, crate, `::`, path.
fn test(export: &str) -> Option<Test> {
    let (flags, _) = export.strip_prefix("__wbgt_")?.split_once('_')?;
    let (_, name) = export.split_once("::")?;
    Some(Test { name: name.to_owned(), export: export.to_owned(), ignored: flags.contains('$') })
}

fn node(script: &Path) -> Result<()> {
    let status = Command::new("node").arg("--expose-gc").arg(script).status().context("running node")?;
    if !status.success() {
        bail!("node: {status}");
    }
    Ok(())
}

/// A directory that is removed in the end.
struct Temporary(PathBuf);

impl Temporary {
    fn create() -> Result<Self> {
        let path = env::temp_dir().join(format!("deckle-wasm-test-{}", process::id()));
        fs::create_dir_all(&path).with_context(|| format!("creating {}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod test {
    use super::{Options, Test, test};

    fn parse(line: &str) -> anyhow::Result<Options> {
        Options::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn exported_names_tell_tests_and_which_are_ignored() {
        let plain = Test {
            name: "row::is_kept".to_owned(),
            export: "__wbgt__everywhere::row::is_kept".to_owned(),
            ignored: false,
        };
        assert_eq!(test("__wbgt__everywhere::row::is_kept"), Some(plain));
        assert!(test("__wbgt_$_everywhere::slow").is_some_and(|test| test.ignored && test.name == "slow"));
        assert_eq!(test("memory"), None);
        assert_eq!(test("__wbgb__everywhere::bench"), None);
    }

    #[test]
    fn tests_are_selected_as_cargo_selects_them() -> anyhow::Result<()> {
        let fast = Test { name: "fast".to_owned(), export: String::new(), ignored: false };
        let faster = Test { name: "faster".to_owned(), export: String::new(), ignored: true };
        let cases = [
            ("m.wasm", true, true),
            ("m.wasm fast", true, true),
            ("m.wasm fast --exact", true, false),
            ("m.wasm --skip faster", true, false),
            ("m.wasm --ignored", false, true),
            ("m.wasm slow", false, false),
        ];
        for (line, first, second) in cases {
            let options = parse(line)?;
            assert_eq!((options.selects(&fast), options.selects(&faster)), (first, second), "{line}");
        }
        Ok(())
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        for line in ["", "m.wasm --skip", "m.wasm a b", "m.wasm --bench"] {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
