//! Pictures inside of drawings, decoded at the size that they are drawn.

use crate::codec;
use crate::colour::Conversion;
use crate::edit::{Edits, Fit};
use crate::flow::{self, FlowingRows};
use crate::image::{Format, Info, Orientation, Pixels};
use crate::limits::{Limits, MEMORY};
use crate::plan::{Facts, Plan, Planned};
use crate::resize::ResampledLines;
use crate::{Error, codec::Opened};

/// A file in RGBA, its orientation left out as drawings do: no larger than it is, and no larger than so many pixels across and down.
///
/// # Errors
/// The bytes that it would take, where there is not that much room.
pub(crate) fn decoded(file: &[u8], (width, height): (u32, u32), room: u64) -> Result<Option<Pixels>, u64> {
    match whole(file, (width, height), room) {
        Ok(pixels) => Ok(Some(pixels)),
        Err(Error::Limit { what: MEMORY, needed, .. }) => Err(needed),
        // what cannot be decoded is not drawn
        Err(_) => Ok(None),
    }
}

fn whole(file: &[u8], (width, height): (u32, u32), room: u64) -> Result<Pixels, Error> {
    let Opened { info, decoder, .. } = codec::open(file)?;
    let info = Info { orientation: Orientation::default(), ..info };
    if info.is_vector {
        return Err(codec::corrupt("a drawing in a drawing"));
    }
    let edits = Edits {
        width: Some(width.max(1)),
        height: Some(height.max(1)),
        fit: Fit::Fill,
        animated: false,
        format: Some(Format::Png),
        ..Edits::default()
    };
    // the pixels are kept once widened
    let kept = 4 * u64::from(width) * u64::from(height);
    let limits = Limits { memory_bytes: room.saturating_sub(kept), ..Limits::default() };
    let Planned::Ready(plan) = Plan::new(&edits, &info, &Facts::default(), &limits)? else {
        return Err(codec::corrupt("it has to be looked at"));
    };
    let conversion = Conversion::new(decoder.icc().as_deref(), info.channels, info.is_cmyk());
    let source = codec::start(decoder.as_ref(), &info, &plan.load, plan.load.resized, plan.spare())?;
    let lines = ResampledLines::full(source, &plan.load);
    let at_end = |_| ();
    let rows = FlowingRows::new(lines, &conversion, &[], plan.decoding, &at_end);
    let (_, channels) = rows.shape();
    let data = flow::collected(rows, &plan.load, usize::MAX / 2)?.into_whole();
    let data = match channels {
        4 => data,
        channels => {
            let pixels = data.chunks_exact(channels.into());
            pixels
                .flat_map(|pixel| match *pixel {
                    [v] => [v, v, v, 255],
                    [v, a] => [v, v, v, a],
                    [r, g, b, ..] => [r, g, b, 255],
                    [] => [0; 4],
                })
                .collect()
        }
    };
    Ok(Pixels { size: plan.load.size(), channels: 4, data })
}
