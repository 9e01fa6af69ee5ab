//! `wasm-bindgen INPUT --out-dir DIR [options]`: a compiled module and its JavaScript, as JavaScript hosts import them.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

/// What the command line says.
#[derive(Debug, Default, PartialEq)]
pub struct Options {
    /// The module that cargo compiled.
    pub input: PathBuf,
    /// Where the JavaScript and the module go.
    pub out_dir: PathBuf,
    /// How the JavaScript gets at the module.
    pub target: Target,
    /// File name without extension; the input's if absent.
    pub out_name: Option<String>,
    /// Leave out the `.d.ts` file.
    pub no_typescript: bool,
    /// Export `__wbg_reset_state`, which makes a fresh instance.
    pub reset_state_function: bool,
    /// Call the abort handler of a crate that is built with `panic = "abort"`.
    pub force_enable_abort_handler: bool,
}

/// How the JavaScript gets at the module.
#[derive(Debug, Default, PartialEq, Clone, Copy)]
pub enum Target {
    /// `--target web`: an initialising function that is given the module.
    #[default]
    Web,
    /// `--target module`: `import source`.
    Module,
}

impl Options {
    /// Reads arguments, without the program's name.
    ///
    /// # Errors
    /// An option that is unknown or lacks its value, or no input or output.
    pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Self> {
        let mut options = Self::default();
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().with_context(|| format!("{argument} needs a value"));
            match argument.as_str() {
                "--out-dir" => options.out_dir = value()?.into(),
                "--out-name" => options.out_name = Some(value()?),
                "--target" => {
                    options.target = match value()?.as_str() {
                        "web" => Target::Web,
                        "module" => Target::Module,
                        other => bail!("--target is {other}; expected web or module"),
                    }
                }
                "--no-typescript" => options.no_typescript = true,
                "--experimental-reset-state-function" => options.reset_state_function = true,
                "--force-enable-abort-handler" => options.force_enable_abort_handler = true,
                option if option.starts_with('-') => {
                    bail!("unknown option {option}; the original wasm-bindgen has more")
                }
                _ if options.input.as_os_str().is_empty() => options.input = argument.into(),
                _ => bail!("a second input, {argument}"),
            }
        }
        if options.input.as_os_str().is_empty() || options.out_dir.as_os_str().is_empty() {
            bail!("usage: wasm-bindgen INPUT.wasm --out-dir DIR [--target web|module] [--out-name NAME] …");
        }
        Ok(options)
    }

    /// Writes the bindings.
    ///
    /// # Errors
    /// The input cannot be read or was made for another version of wasm-bindgen, or the output cannot be written.
    pub fn run(&self) -> Result<()> {
        let mut bindgen = Bindgen::new();
        match self.target {
            Target::Web => bindgen.web(true)?,
            Target::Module => bindgen.module(true)?,
        };
        bindgen
            .input_path(&self.input)
            .demangle(true)
            .omit_default_module_path(false)
            .typescript(!self.no_typescript)
            .reset_state_function(self.reset_state_function)
            .force_enable_abort_handler(self.force_enable_abort_handler);
        if let Some(name) = &self.out_name {
            bindgen.out_name(name);
        }
        bindgen.generate(&self.out_dir)
    }
}

#[cfg(test)]
mod test {
    use super::{Options, Target};

    fn parse(line: &str) -> anyhow::Result<Options> {
        Options::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn options_of_the_makefile_are_read() -> anyhow::Result<()> {
        let worker = "in.wasm --target module --out-name index --no-typescript --experimental-reset-state-function --force-enable-abort-handler --out-dir out";
        let options = Options {
            input: "in.wasm".into(),
            out_dir: "out".into(),
            target: Target::Module,
            out_name: Some("index".to_owned()),
            no_typescript: true,
            reset_state_function: true,
            force_enable_abort_handler: true,
        };
        assert_eq!(parse(worker)?, options);
        let wasm = Options { input: "in.wasm".into(), out_dir: "out".into(), ..Options::default() };
        assert_eq!(parse("--target web --out-dir out in.wasm")?, wasm);
        Ok(())
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        for line in [
            "",
            "in.wasm",
            "in.wasm --out-dir",
            "in.wasm --out-dir o --target deno",
            "in.wasm --out-dir o --debug",
            "a b --out-dir o",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
