//! What a file may ask of the machine, checked before anything is allocated.

/// Upper bounds, checked on the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Width × height. Default 200 million.
    pub pixels: u64,
    /// Bytes that decoding allocates. Default 32 MiB.
    pub memory: usize,
    /// Scans of a file with more than one, each a pass over the image. Default 100.
    pub scans: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { pixels: 200_000_000, memory: 32 << 20, scans: 100 }
    }
}
