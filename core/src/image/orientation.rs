//! The eight ways to lay a rectangle on itself.

use super::Size;

/// One of the eight ways to lay a rectangle on itself: first mirrored left to right if `mirror`, then turned clockwise by
/// `turns` quarter turns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Orientation {
    /// Mirror left to right first.
    pub mirror: bool,
    /// Quarter turns clockwise, 0–3.
    pub turns: u8,
}

impl Orientation {
    /// What EXIF's tag 274 asks for to show the image upright; the identity for tags outside 1–8.
    pub const fn from_exif(tag: u16) -> Self {
        let (mirror, turns) = match tag {
            2 => (true, 0),
            3 => (false, 2),
            4 => (true, 2),
            5 => (true, 3),
            6 => (false, 1),
            7 => (true, 1),
            8 => (false, 3),
            _ => (false, 0),
        };
        Self { mirror, turns }
    }

    /// This, then `next`.
    pub const fn then(self, next: Self) -> Self {
        // a mirror after turns is the mirror first and the turns the other way
        let turns = if next.mirror { 4 - self.turns % 4 } else { self.turns % 4 };
        Self { mirror: self.mirror != next.mirror, turns: (turns + next.turns) % 4 }
    }

    /// The orientation that undoes this one.
    pub const fn inverse(self) -> Self {
        let turns = if self.mirror { self.turns % 4 } else { (4 - self.turns % 4) % 4 };
        Self { mirror: self.mirror, turns }
    }

    /// Whether width and height change places.
    pub const fn is_turned(self) -> bool {
        self.turns % 2 == 1
    }

    /// Whether it leaves every pixel where it is.
    pub const fn is_identity(self) -> bool {
        !self.mirror && self.turns.is_multiple_of(4)
    }

    /// The size of a rectangle laid so.
    pub const fn apply(self, size: Size) -> Size {
        if self.is_turned() { size.turned() } else { size }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Orientation; 8] = {
        let mut all = [Orientation { mirror: false, turns: 0 }; 8];
        let mut i = 0;
        while i < 8 {
            all[i] = Orientation { mirror: i >= 4, turns: (i % 4) as u8 };
            i += 1;
        }
        all
    };

    /// Where a corner (±1, ±1; y down) goes.
    fn corner(o: Orientation, (x, y): (i32, i32)) -> (i32, i32) {
        let x = if o.mirror { -x } else { x };
        (0..o.turns).fold((x, y), |(x, y), _| (-y, x))
    }

    #[test]
    fn composition_moves_corners_as_one_after_the_other() {
        for a in ALL {
            for b in ALL {
                for p in [(1, 1), (-1, 1)] {
                    assert_eq!(corner(a.then(b), p), corner(b, corner(a, p)), "{a:?} then {b:?}");
                }
            }
            assert!(a.then(a.inverse()).is_identity() && a.inverse().then(a).is_identity());
        }
    }

    #[test]
    fn exif_orientations_bring_the_top_left_pixel_where_the_standard_says() {
        // the stored 0th row and column as seen by the viewer: EXIF 2.32, tag 0x0112
        let top_left = (-1, -1);
        let seen = [(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1), (1, -1), (1, 1), (-1, 1)];
        for (tag, expected) in (1..=8).zip(seen) {
            assert_eq!(corner(Orientation::from_exif(tag), top_left), expected, "tag {tag}");
        }
        // 5 to 8 exchange the sides
        assert!((5..=8).all(|tag| Orientation::from_exif(tag).is_turned()));
    }
}
