//! What changes from one frame of an animation to the next: a file holds no more than that.

use crate::image::{Rect, Size};

/// Where two pictures of RGBA differ; `None` where they do not.
#[inline(never)]
pub fn changed(old: &[u8], new: &[u8], size: Size) -> Option<Rect> {
    let (width, height) = (size.width as usize, size.height as usize);
    let row = |y: usize| y * width * 4..(y + 1) * width * 4;
    let differs = |&y: &usize| old[row(y)] != new[row(y)];
    let top = (0..height).find(differs)?;
    let bottom = (top..height).rev().find(differs)?;
    let (mut left, mut right) = (width, 0);
    for y in (top..=bottom).filter(differs) {
        let (old, new) = (old[row(y)].as_chunks::<4>().0, new[row(y)].as_chunks::<4>().0);
        left = (0..left).find(|&x| old[x] != new[x]).unwrap_or(left);
        right = (right..width).rev().find(|&x| old[x] != new[x]).unwrap_or(right);
    }
    let size = Size { width: (right + 1).saturating_sub(left) as u32, height: (bottom + 1 - top) as u32 };
    Some(Rect { x: left as u32, y: top as u32, size })
}

/// The least rectangle that holds both.
pub fn joined(a: Rect, b: Rect) -> Rect {
    let (x, y) = (a.x.min(b.x), a.y.min(b.y));
    let right = (a.x + a.size.width).max(b.x + b.size.width);
    let bottom = (a.y + a.size.height).max(b.y + b.size.height);
    Rect { x, y, size: Size { width: right - x, height: bottom - y } }
}

/// Puts a rectangle's pixels of `new` in the place of `old`, row after row, those that have not changed clear if that is wanted.
#[inline(never)]
pub fn cut(
    mut old: Vec<u8>,
    new: &[u8],
    size: Size,
    rect: Rect,
    is_cleared: impl Fn(usize, [u8; 4], [u8; 4]) -> bool,
) -> Vec<u8> {
    let mut to = 0;
    for y in rect.y..rect.y + rect.size.height {
        let from = y as usize * size.width as usize + rect.x as usize;
        for at in from..from + rect.size.width as usize {
            // what is read lies at or behind what is written
            let pixel = |data: &[u8]| [data[at * 4], data[at * 4 + 1], data[at * 4 + 2], data[at * 4 + 3]];
            let (was, is) = (pixel(&old), pixel(new));
            let kept = if is_cleared(at, was, is) { [0; 4] } else { is };
            old[to * 4..to * 4 + 4].copy_from_slice(&kept);
            to += 1;
        }
    }
    old.truncate(to * 4);
    old
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_found_and_cut_out() {
        let size = Size { width: 5, height: 4 };
        let old = vec![9; 80];
        let mut new = old.clone();
        assert_eq!(changed(&old, &new, size), None);
        for at in [7, 11, 13] {
            new[at * 4] = 1;
        }
        let rect = Rect { x: 1, y: 1, size: Size { width: 3, height: 2 } };
        assert_eq!(changed(&old, &new, size), Some(rect));
        let cut = cut(old, &new, size, rect, |_, was, is| was == is);
        let is_kept: Vec<bool> = cut.as_chunks::<4>().0.iter().map(|pixel| *pixel != [0; 4]).collect();
        assert_eq!(is_kept, [false, true, false, true, false, true]);
    }
}
