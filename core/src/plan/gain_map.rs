//! The plan of a picture's gain map: the same region, to a size in the same proportion, turned alike.

use super::{Path, Plan, geometry, memory};
use crate::codec;
use crate::image::{Chroma, Encoding, Format, Icc, Info, Load, Region, Size};

/// Steps between its samples are steps of brightness, which show in plain skies.
const QUALITY: u8 = 90;

/// For a map of a picture that has a plan.
#[inline(never)]
pub fn resolve(of: &Plan, picture: &Info, map: &Info) -> Plan {
    let share = |map: u32, picture: u32| f64::from(map) / f64::from(picture);
    let across = share(map.size.width, picture.size.width);
    let down = share(map.size.height, picture.size.height);
    let Region { x, y, width, height } = of.load.region;
    let region = Region { x: x * across, y: y * down, width: width * across, height: height * down };
    // never larger than it is stored: there is no more to show
    let side = |resized: u32, share: f64, stored: f64| {
        let most = stored.round().max(1.0);
        (f64::from(resized) * share).round().clamp(1.0, most) as u32
    };
    let resized = Size {
        width: side(of.load.resized.width, across, region.width),
        height: side(of.load.resized.height, down, region.height),
    };
    let used = Size { width: region.width.round().max(1.0) as u32, height: region.height.round().max(1.0) as u32 };
    let eighths = geometry::shrink_on_load(map, used, resized);
    // its samples are no colours: a profile says nothing of them
    let load = Load { eighths, region, resized, icc: Icc::Keep, is_linear: false, ..of.load };
    let encoding = Encoding {
        quality: QUALITY,
        chroma: if map.channels == 1 { Chroma::Quarter } else { Chroma::Full },
        effort: of.encoding.effort,
        ..Encoding::plain(Format::Jpeg, of.encoding.room)
    };
    let is_planar = map.is_planar() && codec::takes_planes(&encoding);
    let path = if is_planar { Path::Planes } else { Path::Pixels };
    let mut plan = Plan { load, encoding, path, ..Plan::empty(load, encoding) };
    (plan.memory, plan.decoding) = memory::estimate(&plan, map);
    plan
}
