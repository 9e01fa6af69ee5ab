//! Edits without what cannot change the result, so that equal meanings have one canonical path and are made and stored once.
//!
//! A rule stands here only if the request alone shows, for every source, that the bytes stay the same: neither the picture nor
//! the configuration is known yet. What depends on either (a width over the source's, quality 80) is kept.

use super::types::MANY_COLOURS;
use super::{Edits, Fit, Point, Position, Ratio, Report, Rotate};
use crate::image::{Chroma, Colour, Format, Hdr, Icc, Metadata, Orientation, Radius, Scale, Sides};

impl Edits {
    /// The fewest edits that give the same bytes as these for every source. Edits that ask for something stay edits: what is
    /// left of those that do nothing but have the image written anew is `enlarge`.
    #[must_use]
    pub fn reduced(self) -> Self {
        let asks = !self.is_empty();
        let reduced = self
            .without_idle_geometry()
            .with_shortest_turn()
            .without_idle_background()
            .without_idle_encoding()
            .with_one_frame();
        if asks && reduced.is_empty() { Self { enlarge: true, ..reduced } } else { reduced }
    }

    /// Rotation, then flip, then flop, as one way to lay the upright image; an angle that is no multiple of 90° counts for nothing here.
    pub fn turn(&self) -> Orientation {
        turn_of(self.rotate, self.flip, self.flop)
    }

    /// A box without two sides is met in one way, but for `fill`; only a box of two is covered or padded.
    fn without_idle_geometry(mut self) -> Self {
        let sides = [self.width, self.height].into_iter().flatten().count();
        // a ratio completes a side, or makes a box of the image's own
        let is_completed = sides == 1 || sides == 0 && !matches!(self.fit, Fit::Inside | Fit::Outside);
        self.ratio = self.ratio.filter(|_| is_completed).map(in_lowest_terms);
        let is_box = sides == 2 || self.ratio.is_some();
        if !is_box && !self.beyond.turn_last && (sides == 0 || self.fit != Fit::Fill) {
            self.fit = Fit::Inside;
        }
        self.enlarge &= is_box || sides == 1 || self.beyond.share.is_some();
        self.position = match self.fit {
            // a zoom is around it, too
            _ if self.zoom > 10_000 => self.position,
            Fit::Cover => place(self.position, &[0, 5_000, 10_000]),
            // in the middle, an odd pixel of padding lies elsewhere than for a focal point
            Fit::Contain if matches!(self.position, Position::Attention | Position::Entropy) => Position::CENTRE,
            Fit::Contain => place(self.position, &[0, 10_000]),
            _ => Position::CENTRE,
        };
        self
    }

    /// The shortest of the spellings of a turn.
    fn with_shortest_turn(self) -> Self {
        const SPELLINGS: [(Rotate, bool, bool); 8] = [
            (Rotate::None, false, false),
            (Rotate::Quarter, false, false),
            (Rotate::Half, false, false),
            (Rotate::ThreeQuarter, false, false),
            (Rotate::None, true, false),
            (Rotate::None, false, true),
            (Rotate::Quarter, true, false),
            (Rotate::Quarter, false, true),
        ];
        if matches!(self.rotate, Rotate::Angle(_)) {
            return self;
        }
        let turn = self.turn();
        match SPELLINGS.into_iter().find(|&(rotate, flip, flop)| turn_of(rotate, flip, flop) == turn) {
            Some((rotate, flip, flop)) => Self { rotate, flip, flop, ..self },
            None => self,
        }
    }

    /// Without anything that only an encoder is told.
    pub(crate) fn without_encoding(self) -> Self {
        let (quality, aim, scale) = (None, None, Scale::Visual);
        Self { quality, aim, scale, ..self.without_container() }
    }

    /// The same but for quality.
    pub(crate) fn without_container(self) -> Self {
        let Self { chroma, metadata, icc, hdr, animated, lossless, progressive, .. } = Self::default();
        let (format, effort, max_bytes) = (None, None, None);
        let colours = Self { icc, hdr, metadata, ..self };
        Self { format, effort, max_bytes, chroma, animated, lossless, progressive, ..colours }
    }

    /// The first frame alone is what an animation is that does not stay one, and a format for stills makes it one.
    fn with_one_frame(mut self) -> Self {
        let is_still = self.format.is_some_and(|format| !format.row().is_animated) || self.report.is_some();
        if self.frame == Some(1) {
            (self.frame, self.animated) = (None, false);
        }
        self.animated |= self.frame.is_some() || is_still;
        self
    }

    /// What lies under transparency, and around the image, where the output's format is known.
    fn without_idle_background(mut self) -> Self {
        let (Some(colour), Some(format)) = (self.background, self.format) else {
            return self;
        };
        let is_turned = matches!(self.rotate, Rotate::Angle(_));
        let is_padded =
            is_turned || self.fit == Fit::Contain || self.pad != Sides::default() || self.radius != Radius::NONE;
        self.background = if format.row().has_alpha {
            // one that lets the picture's alpha be is for padding alone
            let is_idle = colour == Colour::TRANSPARENT || colour.a < 255 && !is_padded;
            (!is_idle).then_some(colour)
        } else {
            Some(Colour { a: 255, ..colour }).filter(|opaque| *opaque != Colour::WHITE)
        };
        self
    }

    /// What the named format's encoder has no use for.
    fn without_idle_encoding(mut self) -> Self {
        if self.aim.is_some() {
            self.scale = Scale::Visual;
        }
        match self.report {
            // it tells the quality, and what becomes of colours
            Some(Report::Json) => {
                let (icc, hdr) = (self.icc, self.hdr);
                return Self { icc, hdr, ..self.without_container() };
            }
            Some(_) => return self.without_encoding(),
            None => (),
        }
        if self.format.is_some_and(|format| !matches!(format, Format::Jpeg | Format::Avif)) {
            self.chroma = Chroma::Quarter;
        }
        match self.format {
            Some(Format::Jpeg) => {
                self.lossless = false;
                self.scale = Scale::Visual;
                self.effort = self.effort.map(|effort| if effort < 5 { 4 } else { 5 });
            }
            Some(Format::WebP) => {
                self.progressive = false;
                if self.lossless {
                    (self.quality, self.aim, self.effort) = (None, None, None);
                    self.scale = Scale::Visual;
                }
            }
            Some(Format::Avif) => (self.lossless, self.progressive) = (false, false),
            Some(
                format @ (Format::Png
                | Format::Gif
                | Format::Bmp
                | Format::Ico
                | Format::Tiff
                | Format::Svg
                | Format::Jxl),
            ) => {
                let colours = self.quality.filter(|quality| format == Format::Png && *quality < 100);
                (self.quality, self.aim, self.effort) = (colours.map(|quality| quality.min(MANY_COLOURS)), None, None);
                self.scale = Scale::Visual;
                (self.lossless, self.progressive) = (false, false);
            }
            None => (),
        }
        if self.format.is_some_and(|format| format != Format::Jpeg) {
            self.hdr = Hdr::Keep;
        }
        if self.format == Some(Format::Gif) {
            (self.metadata, self.icc) = (Metadata::Strip, Icc::Srgb);
        }
        self
    }
}

/// The place that a focal point is, if both of its fractions are among those where the two agree.
fn place(position: Position, agreeing: &[u32]) -> Position {
    match position {
        Position::Focus(Point { x, y }) if agreeing.contains(&x) && agreeing.contains(&y) => {
            let side = |fraction: u32| match fraction {
                0 => -1,
                10_000 => 1,
                _ => 0,
            };
            Position::Place { x: side(x), y: side(y) }
        }
        other => other,
    }
}

/// The same ratio by the smallest whole numbers, where an aspect ratio can have them.
fn in_lowest_terms(ratio: Ratio) -> Ratio {
    const ONE: u32 = 10_000;
    let (mut divisor, mut rest) = (ratio.width.max(1), ratio.height);
    while rest != 0 {
        (divisor, rest) = (rest, divisor % rest);
    }
    let (width, height) = (ratio.width / divisor, ratio.height / divisor);
    if width.max(height) > ONE { ratio } else { Ratio { width: width * ONE, height: height * ONE } }
}

fn turn_of(rotate: Rotate, flip: bool, flop: bool) -> Orientation {
    let turns = match rotate {
        Rotate::None | Rotate::Angle(_) => 0,
        Rotate::Quarter => 1,
        Rotate::Half => 2,
        Rotate::ThreeQuarter => 3,
    };
    // top to bottom is left to right and a half turn
    let flip = Orientation { mirror: flip, turns: if flip { 2 } else { 0 } };
    Orientation { mirror: false, turns }.then(flip).then(Orientation { mirror: flop, turns: 0 })
}
