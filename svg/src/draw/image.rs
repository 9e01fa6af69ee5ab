// Copyright 2018 the Resvg Authors
// SPDX-License-Identifier: Apache-2.0 OR MIT

use crate::draw::render::Context;

pub fn render(
    image: &usvg::Image,
    ctx: &Context<'_>,
    transform: tiny_skia::Transform,
    pixmap: &mut tiny_skia::PixmapMut,
) -> Option<()> {
    if !image.is_visible() {
        return None;
    }
    match image.kind() {
        usvg::ImageKind::SVG(tree) => render_vector(tree, ctx, transform, pixmap),
        usvg::ImageKind::JPEG(data)
        | usvg::ImageKind::PNG(data)
        | usvg::ImageKind::GIF(data)
        | usvg::ImageKind::WEBP(data) => render_raster(data, image, ctx, transform, pixmap),
    }
}

fn render_vector(
    tree: &usvg::Tree,
    ctx: &Context<'_>,
    transform: tiny_skia::Transform,
    pixmap: &mut tiny_skia::PixmapMut,
) -> Option<()> {
    let (mut sub_pixmap, _held) = ctx.budget.canvas(pixmap.width(), pixmap.height())?;
    let max_bbox = super::max_filter_bbox(pixmap.width(), pixmap.height())?;
    let inner = Context { max_bbox, ..*ctx };
    crate::draw::render::render_nodes(tree.root(), &inner, transform, &mut sub_pixmap.as_mut());
    pixmap.draw_pixmap(
        0,
        0,
        sub_pixmap.as_ref(),
        &tiny_skia::PixmapPaint::default(),
        tiny_skia::Transform::default(),
        None,
    );
    Some(())
}

/// Steps that a pixel takes to be decoded, and one to be drawn.
const DECODING: u64 = 60;
const DRAWING: u64 = 80;

fn render_raster(
    data: &[u8],
    image: &usvg::Image,
    ctx: &Context<'_>,
    transform: tiny_skia::Transform,
    pixmap: &mut tiny_skia::PixmapMut,
) -> Option<()> {
    use usvg::ImageRendering;

    // it is decoded as large as it shows
    let stated = (image.size().width(), image.size().height());
    let shown = |side: f32, scale: f32| (side * scale.min(1.0)).ceil().clamp(1.0, 65_535.0) as u32;
    let size = (shown(stated.0, transform.sx.hypot(transform.ky)), shown(stated.1, transform.kx.hypot(transform.sy)));
    let picture = match ctx.pictures.decoded(data, size, ctx.budget.room()) {
        Ok(picture) => picture?,
        Err(needed) => {
            ctx.budget.refuse(needed);
            return None;
        }
    };
    let (width, height) = (picture.width, picture.height);
    let _held = ctx.budget.take(u64::from(width) * u64::from(height) * 4)?;
    ctx.budget.pixels(width, height, DECODING)?;
    let mut data = picture.rgba;
    for pixel in data.as_chunks_mut::<4>().0 {
        let alpha = u32::from(pixel[3]);
        for sample in &mut pixel[..3] {
            *sample = ((u32::from(*sample) * alpha + 127) / 255) as u8;
        }
    }
    let raster = tiny_skia::Pixmap::from_vec(data, tiny_skia::IntSize::from_wh(width, height)?)?;

    let rect = tiny_skia::Size::from_wh(width as f32, height as f32)?.to_rect(0.0, 0.0)?;
    let transform = transform.pre_scale(stated.0 / width as f32, stated.1 / height as f32);
    let bounds = rect.transform(transform)?;
    let across = (bounds.right().min(pixmap.width() as f32) - bounds.left().max(0.0)).max(0.0);
    let down = (bounds.bottom().min(pixmap.height() as f32) - bounds.top().max(0.0)).max(0.0);
    ctx.budget.work((across * down) as u64 * DRAWING)?;

    let quality = match image.rendering_mode() {
        ImageRendering::OptimizeQuality | ImageRendering::HighQuality => tiny_skia::FilterQuality::Bicubic,
        ImageRendering::Smooth => tiny_skia::FilterQuality::Bilinear,
        ImageRendering::OptimizeSpeed | ImageRendering::CrispEdges | ImageRendering::Pixelated => {
            tiny_skia::FilterQuality::Nearest
        }
    };
    let paint = tiny_skia::Paint {
        shader: tiny_skia::Pattern::new(
            raster.as_ref(),
            tiny_skia::SpreadMode::Pad,
            quality,
            1.0,
            tiny_skia::Transform::default(),
        ),
        ..tiny_skia::Paint::default()
    };
    pixmap.fill_rect(rect, &paint, transform, None);
    Some(())
}
