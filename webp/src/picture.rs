//! An owned picture of libwebp's, and the writer that collects its file.

use std::ffi::{c_int, c_void};
use std::marker::PhantomData;

use libwebp_sys::{
    WebPCleanupTransparentArea, WebPConfig, WebPEncCSP, WebPEncode, WebPPicture, WebPPictureFree, WebPPictureImportRGB,
    WebPPictureImportRGBA,
};

use crate::limit::held;
use crate::{Error, Planes};

/// A picture of libwebp's. Its samples belong to it, or are planes that it borrows for `'p`.
pub(crate) struct Picture<'p> {
    raw: WebPPicture,
    planes: PhantomData<&'p mut Planes>,
}

impl Drop for Picture<'_> {
    fn drop(&mut self) {
        // SAFETY: initialised when made; frees what libwebp allocated for it and nothing else
        unsafe { WebPPictureFree(&mut self.raw) }
    }
}

impl<'p> Picture<'p> {
    /// Lossy; sides are at most [`LONGEST_SIDE`](crate::LONGEST_SIDE).
    fn new(width: u32, height: u32) -> Result<Self, Error> {
        let mut raw = WebPPicture::new().map_err(|()| Error::Other(0))?;
        (raw.width, raw.height) = (width as c_int, height as c_int);
        Ok(Self { raw, planes: PhantomData })
    }

    pub fn size(&self) -> (u32, u32) {
        (self.raw.width as u32, self.raw.height as u32)
    }

    /// The planes, which libwebp may change where alpha is 0.
    pub fn of_planes(planes: &'p mut Planes) -> Result<Self, Error> {
        let mut picture = Self::new(planes.width as u32, planes.height as u32)?;
        let raw = &mut picture.raw;
        (raw.y, raw.u, raw.v) = (planes.y.as_mut_ptr(), planes.u.as_mut_ptr(), planes.v.as_mut_ptr());
        (raw.y_stride, raw.uv_stride) = (planes.width as c_int, planes.half() as c_int);
        if !planes.a.is_empty() {
            raw.colorspace = WebPEncCSP::WEBP_YUV420A;
            (raw.a, raw.a_stride) = (planes.a.as_mut_ptr(), planes.width as c_int);
        }
        Ok(picture)
    }

    /// RGB or RGBA, row-major without gaps, converted to 4:2:0 by libwebp. Two rows depend on no others.
    ///
    /// # Errors
    /// [`Error::Pixels`] unless there are `width · height` pixels of 3 or 4 channels, [`Error::Memory`].
    pub fn of_pixels(width: u32, height: u32, channels: u8, pixels: &[u8]) -> Result<Self, Error> {
        let samples = u64::from(width) * u64::from(height) * u64::from(channels);
        if pixels.len() as u64 != samples || !(3..=4).contains(&channels) {
            return Err(Error::Pixels { channels, length: pixels.len() });
        }
        let mut picture = Self::new(width, height)?;
        let stride = width as c_int * c_int::from(channels);
        // SAFETY: libwebp reads `height` rows of `stride` bytes, which is all of `pixels`
        let imported = unsafe {
            match channels {
                3 => WebPPictureImportRGB(&mut picture.raw, pixels.as_ptr(), stride),
                _ => WebPPictureImportRGBA(&mut picture.raw, pixels.as_ptr(), stride),
            }
        };
        if imported == 0 { Err(Error::of(picture.raw.error_code)) } else { Ok(picture) }
    }

    /// Copies the planes: luma, both of chroma, and alpha unless all of it is opaque. Rows of `to` are as wide as the picture.
    pub fn copy_to(&self, [y, u, v, a]: [&mut [u8]; 4]) {
        let (width, height) = (self.raw.width as usize, self.raw.height as usize);
        let (half, lines) = (width.div_ceil(2), height.div_ceil(2));
        let (luma, chroma) = (self.raw.y_stride as usize, self.raw.uv_stride as usize);
        let mut planes = vec![
            (self.raw.y, luma, y, width, height),
            (self.raw.u, chroma, u, half, lines),
            (self.raw.v, chroma, v, half, lines),
        ];
        if !self.raw.a.is_null() {
            planes.push((self.raw.a, self.raw.a_stride as usize, a, width, height));
        }
        for (from, stride, to, width, height) in planes {
            for (i, row) in to.chunks_exact_mut(width).enumerate().take(height) {
                // SAFETY: libwebp allocated `height` rows of `width` samples, `stride` apart, when it imported pixels
                let from = unsafe { std::slice::from_raw_parts(from.add(i * stride), width) };
                row.copy_from_slice(from);
            }
        }
    }

    /// Flattens colours where alpha hides them, as an encode does, and goes on without alpha.
    pub fn flatten_hidden(&mut self) {
        // SAFETY: the picture's planes are of its size and exclusively borrowed
        unsafe { WebPCleanupTransparentArea(&mut self.raw) }
        self.raw.colorspace = WebPEncCSP::WEBP_YUV420;
        (self.raw.a, self.raw.a_stride) = (std::ptr::null_mut(), 0);
    }

    /// Encodes to a file of one image.
    pub fn encode(&mut self, config: &WebPConfig, bounds: Bounds) -> Result<Vec<u8>, Error> {
        let Bounds { most, room, spare } = bounds;
        let mut file = File { bytes: Vec::new(), most, room, spare, too_large: None, has_no_room: false };
        self.raw.writer = Some(write);
        self.raw.custom_ptr = (&raw mut file).cast::<c_void>();
        // SAFETY: the picture's planes are of its size and exclusively borrowed. `file` outlives the call and is used by nothing
        // else during it
        let encoded = unsafe { WebPEncode(config, &mut self.raw) };
        self.raw.custom_ptr = std::ptr::null_mut();
        match (encoded, file.too_large) {
            (0, Some(bytes)) => Err(Error::Large { bytes, most }),
            (0, None) if file.has_no_room => Err(Error::Memory),
            (0, None) => Err(Error::of(self.raw.error_code)),
            _ => Ok(file.bytes),
        }
    }
}

/// What a file may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Its bytes at most.
    pub most: u64,
    /// Bytes at most of it and what libwebp holds while it is written.
    pub room: u64,
    /// Bytes that will be added.
    pub spare: usize,
}

/// The file, as libwebp writes it.
struct File {
    bytes: Vec<u8>,
    most: u64,
    room: u64,
    spare: usize,
    /// The file's size, if it is more than `most`.
    too_large: Option<u64>,
    /// Whether it takes more than `room` together with what libwebp holds.
    has_no_room: bool,
}

impl File {
    /// Appends. `false` if the file would be too large or memory fails. The first piece is a RIFF header, which states the file's length.
    fn push(&mut self, piece: &[u8]) -> bool {
        let length = match piece {
            [b'R', b'I', b'F', b'F', a, b, c, d, ..] if self.bytes.is_empty() => {
                u64::from(u32::from_le_bytes([*a, *b, *c, *d])) + 8
            }
            _ => (self.bytes.len() + piece.len()) as u64,
        };
        if length > self.most {
            self.too_large = Some(length);
            return false;
        }
        if length.saturating_add(self.spare as u64 + held()) > self.room {
            self.has_no_room = true;
            return false;
        }
        let room = length as usize + self.spare - self.bytes.len();
        let reserved = self.bytes.try_reserve_exact(room.max(piece.len())).is_ok();
        if reserved {
            self.bytes.extend_from_slice(piece);
        }
        reserved
    }
}

unsafe extern "C" fn write(data: *const u8, size: usize, picture: *const WebPPicture) -> c_int {
    // SAFETY: libwebp passes the picture that `encode` passed to it, whose `custom_ptr` is the file, and `size` bytes at `data`
    let (file, piece) = unsafe {
        let file = &mut *(*picture).custom_ptr.cast::<File>();
        (file, if size == 0 { &[] } else { std::slice::from_raw_parts(data, size) })
    };
    c_int::from(file.push(piece))
}
