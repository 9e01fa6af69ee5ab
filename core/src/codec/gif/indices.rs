//! A frame's data unpacked row by row, by `weezl`.

use weezl::{BitOrder, LzwStatus, decode::Decoder};

/// Colour indices of a frame.
pub struct Indices<'a> {
    /// `None` where the code size is none that the format has.
    lzw: Option<Decoder>,
    /// The rest of a sub-block.
    block: &'a [u8],
    /// The sub-blocks after it.
    blocks: &'a [u8],
}

impl<'a> Indices<'a> {
    pub fn new(code_size: u8, blocks: &'a [u8]) -> Self {
        let lzw = (1..=11).contains(&code_size).then(|| Decoder::new(BitOrder::Lsb, code_size));
        Self { lzw, block: &[], blocks }
    }

    /// Unpacks the next row; `false` when the data end before it does, or are damaged.
    #[inline(never)]
    pub fn row(&mut self, mut row: &mut [u8]) -> bool {
        let Some(lzw) = &mut self.lzw else { return false };
        while !row.is_empty() {
            if self.block.is_empty()
                && let Some((&length, rest)) = self.blocks.split_first()
            {
                (self.block, self.blocks) = rest.split_at(usize::from(length).min(rest.len()));
                if length == 0 {
                    self.blocks = &[];
                }
            }
            // without input it still gives what it has unpacked before
            let done = lzw.decode_bytes(self.block, row);
            self.block = &self.block[done.consumed_in..];
            row = &mut row[done.consumed_out..];
            let is_stuck = done.consumed_in == 0 && done.consumed_out == 0 && self.blocks.is_empty();
            let has_ended = matches!(done.status, Ok(LzwStatus::Done) | Err(_));
            if !row.is_empty() && (is_stuck || has_ended) {
                return false;
            }
        }
        true
    }
}
