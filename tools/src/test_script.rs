//! The script that Node runs: it loads the bindings, hands the console's output to the test harness, and runs the tests. The
//! names that it calls are `wasm-bindgen-test`'s own, of the version that the workspace pins.

use std::fmt::Write;

use crate::test_options::{MODULE, Options, Test};

/// The script for some tests of a module.
#[must_use]
pub fn script(options: &Options, tests: &[Test], filtered: usize) -> String {
    let exports = tests.iter().fold(String::new(), |mut list, test| {
        let _ = writeln!(list, "  {:?},", test.export);
        list
    });
    SCRIPT
        .replace("$MODULE", MODULE)
        .replace("$NOCAPTURE", if options.nocapture { "true" } else { "false" })
        .replace("$INCLUDE_IGNORED", if options.include_ignored || options.ignored { "true" } else { "false" })
        .replace("$FILTERED", &filtered.to_string())
        .replace("$TESTS", &exports)
}

const SCRIPT: &str = r"
const wasm = require('./$MODULE.js');
const handlers = {};
global.__wbgtest_og_console_log = console.log;
global.__wbgtest_og_console_error = console.error;
global.__wbg_test_invoke = (call) => call();
for (const method of ['debug', 'log', 'info', 'warn', 'error']) {
  const print = console[method];
  console[method] = function (...values) {
    if ($NOCAPTURE) print.apply(this, values);
    handlers[method]?.(values);
  };
}
const context = new wasm.WasmBindgenTestContext(false);
for (const method of ['debug', 'log', 'info', 'warn', 'error']) handlers[method] = wasm[`__wbgtest_console_${method}`];
context.include_ignored($INCLUDE_IGNORED);
context.filtered_count($FILTERED);
const tests = [
$TESTS];
context.run(tests.map((name) => wasm.__wasm[name])).then(
  (passed) => process.exit(passed ? 0 : 1),
  (error) => {
    global.__wbgtest_og_console_error(error);
    process.exit(1);
  },
);
";

#[cfg(test)]
mod test {
    use super::script;
    use crate::test_options::{Options, Test};

    #[test]
    fn names_are_quoted_and_nothing_is_left_to_fill_in() {
        let test = Test { name: "a".to_owned(), export: "__wbgt_$_it's::a".to_owned(), ignored: true };
        let script = script(&Options { ignored: true, ..Options::default() }, &[test], 3);
        assert!(script.contains("\"__wbgt_$_it's::a\","));
        assert!(script.contains("include_ignored(true)") && script.contains("filtered_count(3)"));
        for name in ["$MODULE", "$NOCAPTURE", "$INCLUDE_IGNORED", "$FILTERED", "$TESTS"] {
            assert!(!script.contains(name), "{name}");
        }
    }
}
