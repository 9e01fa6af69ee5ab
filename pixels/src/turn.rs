//! Mirroring and quarter turns, while rows come.

/// Rows of the stored image that a quarter turn takes together: the rows read and the rows written both stay in cache.
const BAND: usize = 32;

/// A picture that is laid upright row by row. It is held in strips of rows, so that one can go when it is used up.
///
/// Mirrored left to right first if `mirror`, then turned clockwise by `turns` quarter turns, 0 to 3.
#[derive(Debug)]
pub struct Turner {
    strips: Vec<Vec<u8>>,
    /// Rows of a strip; the last one may have less.
    strip_rows: usize,
    channels: usize,
    /// Of the stored image.
    width: usize,
    height: usize,
    mirror: bool,
    turns: u8,
    /// Rows on their way to a quarter turn.
    band: Vec<u8>,
    /// Rows that were given out.
    given: usize,
}

/// No memory for the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoMemory {
    /// Bytes that were wanted.
    pub bytes: usize,
}

impl Turner {
    /// For a stored image of `width × height` pixels, held in strips of `strip_rows` rows.
    ///
    /// # Errors
    /// [`NoMemory`]: it is all allocated here.
    #[inline(never)]
    pub fn new(
        (width, height): (usize, usize),
        channels: u8,
        (mirror, turns): (bool, u8),
        strip_rows: usize,
    ) -> Result<Self, NoMemory> {
        let (channels, turns, strip_rows) = (usize::from(channels), turns % 4, strip_rows.max(1));
        let (across, down) = if turns % 2 == 1 { (height, width) } else { (width, height) };
        let mut strips = Vec::with_capacity(down.div_ceil(strip_rows));
        for top in (0..down).step_by(strip_rows) {
            strips.push(zeroed(strip_rows.min(down - top) * across * channels)?);
        }
        let band = if turns % 2 == 1 { BAND.min(height) * width * channels } else { 0 };
        Ok(Self { strips, strip_rows, channels, width, height, mirror, turns, band: zeroed(band)?, given: 0 })
    }

    /// Bytes that a turner of such a picture holds, and [`Strips`] after it.
    pub fn memory((width, height): (u64, u64), channels: u8, turns: u8) -> u64 {
        let band = if turns % 2 == 1 { height.min(BAND as u64) * width } else { 0 };
        (width * height + band) * u64::from(channels)
    }

    /// Asks `fill` for the next row of the stored image, and lays it where it belongs. Does nothing after the last.
    ///
    /// # Errors
    /// That of `fill`.
    #[inline(never)]
    pub fn row<E>(&mut self, fill: impl FnOnce(&mut [u8]) -> Result<(), E>) -> Result<(), E> {
        if self.given == self.height {
            return Ok(());
        }
        let length = self.width * self.channels;
        if self.turns % 2 == 1 {
            let at = self.given % BAND;
            fill(&mut self.band[at * length..][..length])?;
            self.given += 1;
            if self.given.is_multiple_of(BAND) || self.given == self.height {
                match self.channels {
                    1 => self.lay::<1>(at + 1),
                    2 => self.lay::<2>(at + 1),
                    3 => self.lay::<3>(at + 1),
                    _ => self.lay::<4>(at + 1),
                }
            }
            return Ok(());
        }
        let is_half = self.turns == 2;
        let y = if is_half { self.height - 1 - self.given } else { self.given };
        let row = &mut self.strips[y / self.strip_rows][y % self.strip_rows * length..][..length];
        fill(row)?;
        self.given += 1;
        // mirrored and turned by half: the rows in reverse order
        if self.mirror != is_half {
            match self.channels {
                1 => row.reverse(),
                2 => row.as_chunks_mut::<2>().0.reverse(),
                3 => row.as_chunks_mut::<3>().0.reverse(),
                _ => row.as_chunks_mut::<4>().0.reverse(),
            }
        }
        Ok(())
    }

    /// The last `count` rows that were given out become columns. Clockwise a column is read upwards, and the left one comes first;
    /// mirroring exchanges left and right.
    #[inline(never)]
    fn lay<const N: usize>(&mut self, count: usize) {
        let (band, _) = self.band.as_chunks::<N>();
        let (width, height) = (self.width, self.height);
        let first = self.given - count;
        let upwards = self.turns == 1;
        let from_right = (self.turns == 3) != self.mirror;
        for left in (0..width).step_by(BAND) {
            for y in left..width.min(left + BAND) {
                let column = if from_right { width - 1 - y } else { y };
                let (strip, _) = self.strips[y / self.strip_rows].as_chunks_mut::<N>();
                let row = &mut strip[y % self.strip_rows * height..][..height];
                let place = if upwards { height - first - count } else { first };
                for (x, pixel) in row[place..][..count].iter_mut().enumerate() {
                    let line = if upwards { count - 1 - x } else { x };
                    *pixel = band[line * width + column];
                }
            }
        }
    }

    /// The picture as it lies.
    pub fn finish(self) -> Strips {
        let across = if self.turns % 2 == 1 { self.height } else { self.width };
        Strips { row: across * self.channels, strips: self.strips, strip_rows: self.strip_rows, next: 0 }
    }
}

/// Rows of a picture that is gone through once, from the top.
#[derive(Debug)]
pub struct Strips {
    strips: Vec<Vec<u8>>,
    strip_rows: usize,
    /// Bytes of a row.
    row: usize,
    next: usize,
}

impl Strips {
    /// A whole picture with rows of so many bytes.
    pub fn whole(data: Vec<u8>, row: usize) -> Self {
        Self { strip_rows: (data.len() / row.max(1)).max(1), strips: vec![data], row, next: 0 }
    }

    /// Copies the next row, and frees what is used up; `false` after the last.
    pub fn next(&mut self, out: &mut [u8]) -> bool {
        let (strip, y) = (self.next / self.strip_rows, self.next % self.strip_rows);
        let Some(row) = self.strips.get(strip).and_then(|strip| strip.get(y * self.row..(y + 1) * self.row)) else {
            return false;
        };
        out.copy_from_slice(row);
        self.next += 1;
        if (y + 1) * self.row == self.strips[strip].len() {
            self.strips[strip] = Vec::new();
        }
        true
    }

    /// The rows that are still there.
    pub fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.strips.iter().flat_map(|strip| strip.chunks_exact(self.row.max(1)))
    }

    /// Bytes that are held.
    pub fn held(&self) -> usize {
        self.strips.iter().map(Vec::len).sum()
    }

    /// The picture as one piece: as it is if it is a single strip of which no row was taken.
    pub fn into_whole(mut self) -> Vec<u8> {
        match self.strips.pop() {
            Some(only) if self.strips.is_empty() => only,
            Some(last) => {
                self.strips.push(last);
                self.strips.concat()
            }
            None => Vec::new(),
        }
    }
}

fn zeroed(bytes: usize) -> Result<Vec<u8>, NoMemory> {
    let mut data = Vec::new();
    data.try_reserve_exact(bytes).map_err(|_| NoMemory { bytes })?;
    data.resize(bytes, 0);
    Ok(data)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[derive(Clone, Debug, PartialEq)]
    struct Image {
        width: usize,
        height: usize,
        data: Vec<u8>,
    }

    /// The definition, one pixel at a time: mirrored, then turned clockwise.
    fn slow(image: &Image, n: usize, mirror: bool, turns: u8) -> Image {
        let map = |(width, height): (usize, usize), image: &Image, from: &dyn Fn(usize, usize) -> (usize, usize)| {
            let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
            let pixel = |(x, y): (usize, usize)| image.data[(y * image.width + x) * n..][..n].to_vec();
            Image { width, height, data: places.flat_map(|(x, y)| pixel(from(x, y))).collect() }
        };
        let mut out = image.clone();
        if mirror {
            out = map((out.width, out.height), &out, &|x, y| (out.width - 1 - x, y));
        }
        for _ in 0..turns {
            out = map((out.height, out.width), &out, &|x, y| (y, out.height - 1 - x));
        }
        out
    }

    fn turned(image: &Image, n: usize, mirror: bool, turns: u8, strip_rows: usize) -> Strips {
        let mut turner = Turner::new((image.width, image.height), n as u8, (mirror, turns), strip_rows).unwrap();
        for row in image.data.chunks(image.width * n) {
            let filled: Result<(), ()> = turner.row(|out| {
                out.copy_from_slice(row);
                Ok(())
            });
            assert!(filled.is_ok());
        }
        turner.finish()
    }

    #[test]
    fn every_way_is_as_defined_for_every_channel_count_and_strip() {
        for n in 1..=4 {
            for (width, height) in [(1, 1), (1, 5), (7, 1), (3, 4), (33, 70), (64, 32)] {
                let image =
                    Image { width, height, data: (0..width * height * n).map(|i| (i * 7 % 251) as u8).collect() };
                for (turns, mirror) in (0..4).flat_map(|turns| [(turns, false), (turns, true)]) {
                    let expected = slow(&image, n, mirror, turns);
                    for strip_rows in [1, 8, 1000] {
                        let whole = turned(&image, n, mirror, turns, strip_rows).into_whole();
                        assert_eq!(whole, expected.data, "{n} {width}×{height} {mirror} {turns} {strip_rows}");
                        let mut strips = turned(&image, n, mirror, turns, strip_rows);
                        let mut row = vec![0; expected.width * n];
                        for line in expected.data.chunks(expected.width * n) {
                            assert!(strips.next(&mut row));
                            assert_eq!(row, line);
                        }
                        assert!(!strips.next(&mut row));
                        assert_eq!(strips.held(), 0);
                    }
                }
            }
        }
    }

    #[test]
    fn strips_are_freed_as_they_are_used_up() {
        let image = Image { width: 10, height: 32, data: vec![7; 320] };
        let mut strips = turned(&image, 1, false, 0, 8);
        assert_eq!(strips.held(), 320);
        for _ in 0..8 {
            assert!(strips.next(&mut [0; 10]));
        }
        assert_eq!(strips.held(), 240);
    }
}
