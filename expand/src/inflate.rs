//! DEFLATE in zlib's wrapping, read in pieces and given out in pieces. The checksum at its end is not looked at.

use crate::repeat;
use crate::table::{END, LITERAL, LONG, OTHER, Table};

/// What cannot be inflated: it is damaged, or ends too early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damage;

/// How far back a match may reach.
const REACH: usize = 32 << 10;
/// Bytes that are inflated at once.
const BATCH: usize = 64 << 10;
/// Bytes that a symbol may write beyond the last place where one may begin.
const BEYOND: usize = 258 + 64;
/// Bytes of the input that are held together.
const STAGED: usize = 16 << 10;
/// Bytes that the decoding loop wants to see ahead of it.
const AHEAD: usize = 16;

type Literals = Table<12, 8192>;
type Distances = Table<10, 2048>;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Header,
    Block,
    Stored(usize),
    Coded,
    Done,
    Damaged,
}

/// Where a decoder stands: bits that are read and not used, how many, where the next are, and where the next byte is written.
#[derive(Clone, Copy)]
struct Place {
    bits: u64,
    count: u32,
    at: usize,
    made: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stop {
    Place,
    EndOfBlock,
    Damage,
}

/// Inflates what comes in pieces. It takes [`Inflater::MEMORY`] bytes.
pub struct Inflater<'a> {
    pieces: Box<dyn Iterator<Item = &'a [u8]> + 'a>,
    piece: &'a [u8],
    /// Whether there may be more pieces.
    is_open: bool,
    /// Bytes of the input, then zeros.
    staged: Vec<u8>,
    /// How many are the input's.
    length: usize,
    window: Vec<u8>,
    /// Up to where the window has been given out.
    given: usize,
    place: Place,
    state: State,
    is_last: bool,
    literals: Literals,
    distances: Distances,
}

impl<'a> Inflater<'a> {
    /// Bytes that it takes.
    pub const MEMORY: u64 = (8192 + 2048) * 4 + (REACH + BATCH + BEYOND + STAGED + AHEAD) as u64 + (1 << 10);

    /// For the pieces that one after the other are a zlib stream.
    pub fn new(pieces: impl Iterator<Item = &'a [u8]> + 'a) -> Self {
        Self {
            pieces: Box::new(pieces),
            piece: &[],
            is_open: true,
            staged: vec![0; STAGED + AHEAD],
            length: 0,
            window: vec![0; REACH + BATCH + BEYOND],
            given: 0,
            place: Place { bits: 0, count: 0, at: 0, made: 0 },
            state: State::Header,
            is_last: false,
            literals: Table::new(),
            distances: Table::new(),
        }
    }

    /// Fills `out` as far as there is something, and answers how far that is.
    ///
    /// # Errors
    /// [`Damage`], when all that came before it has been given.
    #[inline(never)]
    pub fn read(&mut self, out: &mut [u8]) -> Result<usize, Damage> {
        let mut filled = 0;
        loop {
            let count = (self.place.made - self.given).min(out.len() - filled);
            out[filled..filled + count].copy_from_slice(&self.window[self.given..self.given + count]);
            filled += count;
            self.given += count;
            match self.state {
                _ if filled == out.len() => return Ok(filled),
                State::Done => return Ok(filled),
                State::Damaged if filled > 0 => return Ok(filled),
                State::Damaged => return Err(Damage),
                _ => {}
            }
            // all that was made is given: only what matches reach is kept
            if self.place.made >= REACH + BATCH {
                let from = self.place.made - REACH;
                self.window.copy_within(from..self.place.made, 0);
                (self.place.made, self.given) = (REACH, REACH);
            }
            if self.go_on().is_err() {
                self.state = State::Damaged;
            }
        }
    }

    /// Inflates up to the end of a batch or a block.
    fn go_on(&mut self) -> Result<(), Damage> {
        match self.state {
            State::Header => {
                let (method, flags) = (self.take(8)?, self.take(8)?);
                if method & 15 != 8 || method >> 4 > 7 || (method << 8 | flags) % 31 != 0 || flags & 32 != 0 {
                    return Err(Damage);
                }
                self.state = State::Block;
                Ok(())
            }
            State::Block if self.is_last => {
                self.state = State::Done;
                Ok(())
            }
            State::Block => self.block(),
            State::Stored(left) => self.stored(left),
            State::Coded => self.coded(),
            State::Done | State::Damaged => Ok(()),
        }
    }

    /// Moves what is not used yet to the front, and puts behind it what comes next. Zeros follow the last.
    #[inline(never)]
    fn stage(&mut self) {
        // up to 7 bytes are read ahead
        let at = self.place.at.min(self.length).saturating_sub(8);
        self.staged.copy_within(at..self.length, 0);
        self.length -= at;
        self.place.at -= at;
        while self.length < STAGED && self.is_open {
            if self.piece.is_empty() {
                match self.pieces.next() {
                    Some(piece) => self.piece = piece,
                    None => self.is_open = false,
                }
                continue;
            }
            let count = self.piece.len().min(STAGED - self.length);
            let (now, later) = self.piece.split_at(count);
            self.staged[self.length..self.length + count].copy_from_slice(now);
            self.length += count;
            self.piece = later;
        }
        self.staged[self.length..].fill(0);
    }

    /// Bits that are left of the input that is staged.
    fn left(&self) -> usize {
        (self.length * 8 + self.place.count as usize).saturating_sub(self.place.at * 8)
    }

    /// Bits that count, one after the other, at most 16.
    fn take(&mut self, count: u32) -> Result<u32, Damage> {
        if self.place.at + AHEAD > self.length && self.is_open {
            self.stage();
        }
        if self.left() < count as usize {
            return Err(Damage);
        }
        while self.place.count < count {
            let byte = self.staged.get(self.place.at).ok_or(Damage)?;
            self.place.bits |= u64::from(*byte) << self.place.count;
            self.place.at += 1;
            self.place.count += 8;
        }
        let value = self.place.bits as u32 & ((1 << count) - 1);
        self.place.bits >>= count;
        self.place.count -= count;
        Ok(value)
    }

    /// The head of a block.
    #[inline(never)]
    fn block(&mut self) -> Result<(), Damage> {
        self.is_last = self.take(1)? == 1;
        match self.take(2)? {
            0 => {
                // bytes that were read ahead go back
                self.place.bits = 0;
                self.place.at -= self.place.count as usize / 8;
                self.place.count = 0;
                let (length, inverse) = (self.take(16)?, self.take(16)?);
                if length != !inverse & 0xFFFF {
                    return Err(Damage);
                }
                self.state = State::Stored(length as usize);
            }
            1 => {
                let length = |symbol| match symbol {
                    0..144 | 280.. => 8,
                    144..256 => 9,
                    _ => 7,
                };
                let lengths: [u8; 288] = std::array::from_fn(length);
                self.tables(&lengths, &[5; 32])?;
            }
            2 => {
                let (literals, distances) = (self.take(5)? as usize + 257, self.take(5)? as usize + 1);
                let count = self.take(4)? as usize + 4;
                if literals > 286 || distances > 30 {
                    return Err(Damage);
                }
                let mut own = [0; 19];
                for &symbol in &ORDER[..count] {
                    own[symbol] = self.take(3)? as u8;
                }
                let lengths = self.lengths(&own, literals + distances)?;
                let (literals, distances) = lengths[..].split_at(literals);
                self.tables(literals, &distances[..32.min(distances.len())])?;
            }
            _ => return Err(Damage),
        }
        Ok(())
    }

    /// Lengths of codes, themselves in a code of these lengths; zeros behind.
    fn lengths(&mut self, own: &[u8; 19], count: usize) -> Result<[u8; 286 + 32], Damage> {
        let mut table = Table::<7, 128>::new();
        table.fill(own, 0, |symbol| (symbol as u32) << 8).ok_or(Damage)?;
        let (mut lengths, mut made) = ([0; 286 + 32], 0);
        while made < count {
            if self.place.at + AHEAD > self.length && self.is_open {
                self.stage();
            }
            let peeked = self.peeked(7)?;
            let entry = table.0[peeked as usize & 127];
            if entry & OTHER != 0 {
                return Err(Damage);
            }
            self.take(entry & 63)?;
            let symbol = entry >> 8;
            let (length, times) = match symbol {
                16 if made == 0 => return Err(Damage),
                16 => (lengths[made - 1], 3 + self.take(2)?),
                17 => (0, 3 + self.take(3)?),
                18 => (0, 11 + self.take(7)?),
                _ => (symbol as u8, 1),
            };
            let times = times as usize;
            if made + times > count {
                return Err(Damage);
            }
            lengths[made..made + times].fill(length);
            made += times;
        }
        Ok(lengths)
    }

    /// The next bits, zeros where there are none.
    fn peeked(&mut self, count: u32) -> Result<u32, Damage> {
        while self.place.count < count {
            let byte = self.staged.get(self.place.at).ok_or(Damage)?;
            self.place.bits |= u64::from(*byte) << self.place.count;
            self.place.at += 1;
            self.place.count += 8;
        }
        Ok(self.place.bits as u32 & ((1 << count) - 1))
    }

    /// Tables of a block that is coded.
    #[inline(never)]
    fn tables(&mut self, literals: &[u8], distances: &[u8]) -> Result<(), Damage> {
        // without a code for it a block has no end
        if literals.get(256).is_none_or(|&length| length == 0) {
            return Err(Damage);
        }
        let entry = |symbol: usize| match symbol {
            0..256 => LITERAL | 1 << 24 | (symbol as u32) << 8,
            256 => END,
            _ => LENGTHS.get(symbol - 257).map_or(OTHER, |&(base, extra)| base << 16 | extra << 8),
        };
        self.literals.fill(literals, 256, entry).ok_or(Damage)?;
        let entry = |symbol: usize| DISTANCES.get(symbol).map_or(OTHER, |&(base, extra)| base << 12 | extra << 8);
        self.distances.fill(distances, 0, entry).ok_or(Damage)?;
        self.state = State::Coded;
        Ok(())
    }

    /// Bytes of a block that are stored as they are.
    fn stored(&mut self, left: usize) -> Result<(), Damage> {
        if self.place.at == self.length && self.is_open {
            self.stage();
        }
        let Place { at, made, .. } = self.place;
        let count = left.min(self.length - at.min(self.length)).min(REACH + BATCH - made.min(REACH + BATCH));
        self.window[made..made + count].copy_from_slice(&self.staged[at..at + count]);
        self.place.at += count;
        self.place.made += count;
        self.state = if left == count { State::Block } else { State::Stored(left - count) };
        if count == 0 && left > 0 && made < REACH + BATCH { Err(Damage) } else { Ok(()) }
    }

    /// Symbols of a block.
    fn coded(&mut self) -> Result<(), Damage> {
        loop {
            if self.place.at + AHEAD > self.length && self.is_open {
                self.stage();
            }
            let is_near_end = self.place.at + AHEAD > self.length;
            let before = self.place;
            let input = &self.staged[..if is_near_end { self.staged.len() } else { self.length }];
            let limit = REACH + BATCH;
            let (place, stop) =
                symbols(&self.literals, &self.distances, input, &mut self.window, limit, before, is_near_end);
            self.place = place;
            // a symbol of bits that are not there
            if is_near_end && self.place.at * 8 > self.length * 8 + self.place.count as usize {
                self.place.made = before.made;
                return Err(Damage);
            }
            match stop {
                Stop::Damage => return Err(Damage),
                Stop::EndOfBlock => {
                    self.state = State::Block;
                    return Ok(());
                }
                Stop::Place if self.place.made >= limit => return Ok(()),
                Stop::Place if is_near_end && self.place.at + 8 > self.staged.len() => return Err(Damage),
                Stop::Place => {}
            }
        }
    }
}

/// Symbols up to the end of the block, of the input but for its last bytes, or of the place for what is made; `one` alone at most.
#[inline(never)]
fn symbols(
    literals: &Literals,
    distances: &Distances,
    input: &[u8],
    window: &mut [u8],
    limit: usize,
    place: Place,
    one: bool,
) -> (Place, Stop) {
    let Place { mut bits, mut count, mut at, mut made } = place;
    let (literals, distances) = (&*literals.0, &*distances.0);
    let look = |bits: u64| literals[bits as usize & 4095];
    let mut stop = Stop::Place;
    // only the lowest 6 bits of `count` mean something, so that an entry can be subtracted as it is
    while made < limit {
        let Some((_, ahead)) = input.split_at_checked(at) else { break };
        let Some(next) = ahead.first_chunk::<8>() else { break };
        // 56 bits or more
        bits |= u64::from_le_bytes(*next) << (count & 63);
        at += (!count & 63) as usize >> 3;
        count |= 56;
        let mut entry = look(bits);
        if entry & LITERAL != 0 {
            let Some(out) = window.get_mut(made..made + 10) else { break };
            let mut write =
                |at: usize, entry: u32| out[at & 7..][..2].copy_from_slice(&[(entry >> 8) as u8, (entry >> 16) as u8]);
            // 12 bits at most each time
            write(0, entry);
            let mut length = (entry >> 24 & 3) as usize;
            bits = bits.wrapping_shr(entry);
            count = count.wrapping_sub(entry);
            if one {
                made += length;
                break;
            }
            entry = look(bits);
            if entry & LITERAL != 0 {
                write(length, entry);
                length += (entry >> 24 & 3) as usize;
                bits = bits.wrapping_shr(entry);
                count = count.wrapping_sub(entry);
                entry = look(bits);
                if entry & LITERAL != 0 {
                    write(length, entry);
                    length += (entry >> 24 & 3) as usize;
                    bits = bits.wrapping_shr(entry);
                    count = count.wrapping_sub(entry);
                    entry = look(bits);
                    if entry & LITERAL != 0 {
                        write(length, entry);
                        length += (entry >> 24 & 3) as usize;
                        bits = bits.wrapping_shr(entry);
                        count = count.wrapping_sub(entry);
                        made += length;
                        continue;
                    }
                }
            }
            made += length;
            let Some(next) = input.get(at..at + 8).and_then(|ahead| ahead.first_chunk::<8>()) else { break };
            bits |= u64::from_le_bytes(*next) << (count & 63);
            at += (!count & 63) as usize >> 3;
            count |= 56;
        }
        if entry & OTHER != 0 {
            if entry & LONG == LONG {
                bits >>= 12;
                count = count.wrapping_sub(12);
                entry = literals[((entry >> 8 & 0xFFFF) as usize + (bits as usize & ((1 << (entry & 15)) - 1))) & 8191];
            }
            if entry & LITERAL != 0 {
                bits = bits.wrapping_shr(entry);
                count = count.wrapping_sub(entry);
                let Some(out) = window.get_mut(made) else { break };
                *out = (entry >> 8) as u8;
                made += 1;
                if one {
                    break;
                }
                continue;
            }
            if entry & END == END {
                bits = bits.wrapping_shr(entry);
                count = count.wrapping_sub(entry);
                stop = Stop::EndOfBlock;
                break;
            }
            if entry & OTHER != 0 {
                stop = Stop::Damage;
                break;
            }
        }
        // at most 15 + 5 + 15 + 13 bits
        bits = bits.wrapping_shr(entry);
        count = count.wrapping_sub(entry);
        let extra = entry >> 8 & 15;
        let length = (entry >> 16 & 511) as usize + (bits as usize & ((1 << extra) - 1));
        bits >>= extra;
        count = count.wrapping_sub(extra);
        let mut entry = distances[bits as usize & 1023];
        if entry & LONG == LONG {
            bits >>= 10;
            count = count.wrapping_sub(10);
            entry = distances[((entry >> 8 & 0xFFFF) as usize + (bits as usize & ((1 << (entry & 15)) - 1))) & 2047];
        }
        if entry & OTHER != 0 {
            stop = Stop::Damage;
            break;
        }
        bits = bits.wrapping_shr(entry);
        count = count.wrapping_sub(entry);
        let extra = entry >> 8 & 15;
        let distance = (entry >> 12 & 0x7FFF) as usize + (bits as usize & ((1 << extra) - 1));
        bits >>= extra;
        count = count.wrapping_sub(extra);
        if !repeat(window, made, distance, length) {
            stop = Stop::Damage;
            break;
        }
        made += length;
        if one {
            break;
        }
    }
    let count = count & 63;
    (Place { bits: bits & ((1 << count) - 1), count, at, made }, stop)
}

/// Codes of lengths in the order in which their own lengths are said.
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// The least length of each symbol, and how many bits add to it.
const LENGTHS: [(u32, u32); 29] = [
    (3, 0),
    (4, 0),
    (5, 0),
    (6, 0),
    (7, 0),
    (8, 0),
    (9, 0),
    (10, 0),
    (11, 1),
    (13, 1),
    (15, 1),
    (17, 1),
    (19, 2),
    (23, 2),
    (27, 2),
    (31, 2),
    (35, 3),
    (43, 3),
    (51, 3),
    (59, 3),
    (67, 4),
    (83, 4),
    (99, 4),
    (115, 4),
    (131, 5),
    (163, 5),
    (195, 5),
    (227, 5),
    (258, 0),
];

/// The same of distances.
const DISTANCES: [(u32, u32); 30] = [
    (1, 0),
    (2, 0),
    (3, 0),
    (4, 0),
    (5, 1),
    (7, 1),
    (9, 2),
    (13, 2),
    (17, 3),
    (25, 3),
    (33, 4),
    (49, 4),
    (65, 5),
    (97, 5),
    (129, 6),
    (193, 6),
    (257, 7),
    (385, 7),
    (513, 8),
    (769, 8),
    (1025, 9),
    (1537, 9),
    (2049, 10),
    (3073, 10),
    (4097, 11),
    (6145, 11),
    (8193, 12),
    (12289, 12),
    (16385, 13),
    (24577, 13),
];
