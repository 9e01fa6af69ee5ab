//! A profile in APP2 segments (ICC.1, B.4), and a gain map.

use super::{Attached, joined};
use crate::Error;
use crate::gain_map::{self, APP2};

const NAME: &[u8] = b"ICC_PROFILE\0";

/// Bytes of a profile in one segment.
const PART: usize = 65_533 - NAME.len() - 2;

pub fn put(file: &[u8], attached: &Attached<'_>) -> Result<Vec<u8>, Error> {
    let at = gain_map::after_jfif(file);
    let (before, after) = file.split_at(at);
    let mut added = Vec::new();
    if let Some(profile) = &attached.profile {
        let count = profile.len().div_ceil(PART) as u8;
        for (number, part) in (1..=count).zip(profile.chunks(PART)) {
            gain_map::segment(&mut added, APP2, &[NAME, &[number, count], part]);
        }
    }
    let map = attached.map.as_ref().map(|map| {
        // the profile stands before what tells of the map
        (gain_map::beside(file.len() + added.len(), at + added.len(), map), map.bytes())
    });
    let (told, map) = map.as_ref().map_or((&[][..], &[][..]), |(told, map)| (told, map));
    joined(&[before, &added, told, after, map])
}
