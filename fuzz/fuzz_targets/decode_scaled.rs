#![cfg_attr(fuzzing, no_main)]
#![allow(missing_docs)]

deckle_fuzz::target!(decode_scaled);
