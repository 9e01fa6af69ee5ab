//! Quality: from what is asked to a number on the format's own scale.
//!
//! A number that is asked for is on JPEG's scale, libjpeg's; [`native`] is that of another format that looks alike. A word aims at a
//! score of SSIMULACRA2, and a look at the picture picks the quality that has it: [`picked`]. The figures are of `bench/scores`. A new
//! lossy format is its name in `bench/scores/src/main.rs`, its rows, and its arms here.

mod rows;

use deckle_pixels::Texture;

use crate::image::{Aim, Format};

/// Beyond these no picture of the corpus goes, and nothing is known.
const MOST_COLOURED: f32 = 0.12;
const MOST_SHARP: f32 = 0.15;

/// What a picture's texture says of the quality that it needs.
struct Row {
    /// Of one, the root of the share of colour steps, that share, soft blocks, sharp edges, dark pixels, and the root of those.
    weights: [f32; 7],
    /// The bounds of what is picked.
    least: u8,
    most: u8,
}

/// Of a format: for each [`Aim`], in their order.
struct Aims {
    /// What the median picture needs.
    usual: [u8; 4],
    rows: [Row; 4],
}

fn aims(format: Format) -> &'static Aims {
    match format {
        Format::WebP => &rows::WEBP,
        _ => &rows::JPEG,
    }
}

/// The quality on a format's own scale that looks like a JPEG's.
pub(crate) fn native(format: Format, quality: u8) -> u8 {
    let alike = match format {
        Format::WebP => rows::WEBP_ALIKE,
        _ => return quality,
    };
    let above = alike.iter().position(|(jpeg, _)| *jpeg >= quality).unwrap_or(alike.len() - 1).max(1);
    let ((x0, y0), (x1, y1)) = (alike[above - 1], alike[above]);
    let [x, x0, y0, x1, y1] = [quality, x0, y0, x1, y1].map(u32::from);
    let (across, up) = (x1 - x0, (y1 - y0) * (x.clamp(x0, x1) - x0));
    (y0 + (up + across / 2) / across.max(1)) as u8
}

/// The quality of a format with which most pictures come near an aim.
pub(crate) fn usual(format: Format, aim: Aim) -> u8 {
    aims(format).usual[aim as usize]
}

/// The quality of a format with which a picture of this texture comes near an aim.
pub(crate) fn picked(format: Format, aim: Aim, texture: &Texture) -> u8 {
    let Texture { soft, dark, .. } = *texture;
    let (coloured, sharp) = (texture.coloured.min(MOST_COLOURED), texture.sharp.min(MOST_SHARP));
    let seen = [1.0, coloured.sqrt(), coloured, soft, sharp, dark, dark.sqrt()];
    let of_row = |Row { weights, least, most }: &Row| {
        let sum: f32 = seen.iter().zip(weights).map(|(seen, weight)| seen * weight).sum();
        // near the top of the scale a step counts for more
        let quality = 104.0 - (-sum).exp();
        (quality.round() as u8).clamp(*least, *most)
    };
    // never below that of a lower aim
    aims(format).rows[..=aim as usize].iter().map(of_row).max().unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn qualities_rise_with_what_is_asked_and_stay_on_the_scale() {
        assert_eq!((native(Format::Jpeg, 33), native(Format::WebP, 1), native(Format::WebP, 100)), (33, 1, 100));
        for format in [Format::Jpeg, Format::WebP] {
            let all: Vec<u8> = (1..=100).map(|quality| native(format, quality)).collect();
            assert!(all.is_sorted() && all[0] >= 1 && all[99] == 100, "{all:?}");
            let aims = [Aim::Low, Aim::Medium, Aim::High, Aim::Best];
            let textures = [0.0, 0.02, 0.2, 1.0].map(|share| Texture {
                plain: 0.0,
                soft: share,
                sharp: share / 4.0,
                dark: 1.0 - share,
                coloured: share,
            });
            for texture in textures.into_iter().chain([Texture::default()]) {
                let picked = aims.map(|aim| picked(format, aim, &texture));
                assert!(
                    picked.is_sorted() && picked[0] < picked[3] && (1..=100).contains(&picked[0]),
                    "{texture:?}: {picked:?}"
                );
            }
            assert!(aims.map(|aim| usual(format, aim)).is_sorted());
        }
    }

    #[test]
    fn what_shows_marks_has_a_higher_quality_than_what_hides_them() {
        let rough = Texture { sharp: 0.01, soft: 0.1, ..Texture::default() };
        let coloured = Texture { coloured: 0.05, ..rough };
        assert!(picked(Format::Jpeg, Aim::High, &coloured) > picked(Format::Jpeg, Aim::High, &rough));
    }
}
