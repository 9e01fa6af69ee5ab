//! One component of the frame (T.81, B.2.2).

/// A component as the frame header describes it.
#[derive(Clone, Debug)]
pub struct Component {
    /// Identifier that scans name it by.
    pub id: u8,
    /// Horizontal sampling factor, 1 to 4; 1 if it is the only component.
    pub horizontal: u8,
    /// Vertical sampling factor, 1 to 4; 1 if it is the only component.
    pub vertical: u8,
    /// Number of its quantisation table.
    pub quantization_id: u8,
    /// Its quantisation table, row-major, as of its first scan.
    pub quantization: [u16; 64],
    /// Width in samples at full size.
    pub width: u32,
    /// Height in samples at full size.
    pub height: u32,
}

impl Component {
    /// Blocks that hold samples, across.
    pub(crate) fn blocks_across(&self) -> usize {
        self.width.div_ceil(8) as usize
    }

    /// Blocks that hold samples, down.
    pub(crate) fn blocks_down(&self) -> usize {
        self.height.div_ceil(8) as usize
    }
}
