//! `wasm-bindgen-test-runner MODULE.wasm [FILTER] [options]`: runs the `#[wasm_bindgen_test]` functions of a test program in Node.
//! Cargo calls it once for each test program, as the runner of the wasm32 target.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, process};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;
use wasmparser::{Parser, Payload};

use crate::test_options::{MODULE, Options, Test};
use crate::test_script;

impl Options {
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
    use super::test;
    use crate::test_options::{Options, Test};

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
