//! What each fuzz target does with its bytes. `cargo fuzz` calls it with bytes of its own making; the tests with the
//! fixtures and what becomes of them; the targets' programs, built without it, with files.
//!
//! Where a target takes an image, what to do with it stands in the last bytes, so that any file is a seed.

mod bytes;
mod decode;
mod decode_scaled;
mod encode_decode;
mod header;
mod memory;
mod resample;
mod transform;

pub use decode::decode;
pub use decode_scaled::decode_scaled;
pub use encode_decode::encode_decode;
pub use header::header;
pub use resample::resample;
pub use transform::transform;

/// A program of one target: libFuzzer's under `cargo fuzz`, else one that runs each file it is given.
#[macro_export]
macro_rules! target {
    ($name:ident) => {
        #[cfg(fuzzing)]
        libfuzzer_sys::fuzz_target!(|data: &[u8]| deckle_fuzz::$name(data));

        #[cfg(not(fuzzing))]
        fn main() -> std::io::Result<()> {
            std::env::args_os().skip(1).try_for_each(|path| Ok(deckle_fuzz::$name(&std::fs::read(path)?)))
        }
    };
}
