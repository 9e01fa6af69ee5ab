//! libwebp's inner functions and structures, as libwebp 1.6.0 has them: src/dec/{vp8_dec,vp8i_dec,vp8li_dec,webpi_dec}.h and what those
//! include. `libwebp-sys` exports the public ones alone, and is pinned to a version. What decoders find in these structures is compared
//! with the picture's size before a row is decoded.

use std::ffi::{c_char, c_int, c_void};

use libwebp_sys::{WebPDecBuffer, WebPDecoderOptions};

/// `VP8_STATUS_OUT_OF_MEMORY`.
pub const OUT_OF_MEMORY: c_int = 1;

/// `VP8_STATUS_NOT_ENOUGH_DATA`.
pub const NOT_ENOUGH_DATA: c_int = 7;

/// `WEBP_DECODER_ABI_VERSION`.
pub const DECODER_ABI: c_int = libwebp_sys::WEBP_DECODER_ABI_VERSION as c_int;

/// The version that these structures are of, as `WebPGetDecoderVersion` states it.
pub const VERSION: c_int = 0x01_06_00;

pub type PutHook = Option<unsafe extern "C" fn(*const VP8Io) -> c_int>;

/// Input, and where output goes.
#[repr(C)]
pub struct VP8Io {
    pub width: c_int,
    pub height: c_int,
    pub mb_y: c_int,
    pub mb_w: c_int,
    pub mb_h: c_int,
    pub y: *const u8,
    pub u: *const u8,
    pub v: *const u8,
    pub y_stride: c_int,
    pub uv_stride: c_int,
    pub opaque: *mut c_void,
    pub put: PutHook,
    pub setup: Option<unsafe extern "C" fn(*mut VP8Io) -> c_int>,
    pub teardown: Option<unsafe extern "C" fn(*const VP8Io)>,
    pub fancy_upsampling: c_int,
    pub data_size: usize,
    pub data: *const u8,
    pub bypass_filtering: c_int,
    pub use_cropping: c_int,
    pub crop_left: c_int,
    pub crop_right: c_int,
    pub crop_top: c_int,
    pub crop_bottom: c_int,
    pub use_scaling: c_int,
    pub scaled_width: c_int,
    pub scaled_height: c_int,
    pub a: *const u8,
}

/// The reader of arithmetic coding; `bit_t` has 64 bits where numbers of 56 are read ahead.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "wasm32"))]
type Bits = u64;
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "wasm32")))]
type Bits = u32;

#[repr(C)]
pub struct VP8BitReader {
    value: Bits,
    range: u32,
    bits: c_int,
    buf: *const u8,
    buf_end: *const u8,
    buf_max: *const u8,
    pub eof: c_int,
}

#[repr(C)]
struct FrameHeader {
    key_frame: u8,
    profile: u8,
    show: u8,
    partition_length: u32,
}

#[repr(C)]
pub struct PictureHeader {
    pub width: u16,
    pub height: u16,
    xscale: u8,
    yscale: u8,
    colorspace: u8,
    clamp_type: u8,
}

#[repr(C)]
struct FilterHeader {
    simple: c_int,
    level: c_int,
    sharpness: c_int,
    use_lf_delta: c_int,
    ref_lf_delta: [c_int; 4],
    mode_lf_delta: [c_int; 4],
}

#[repr(C)]
struct SegmentHeader {
    use_segment: c_int,
    update_map: c_int,
    absolute_delta: c_int,
    quantizer: [i8; 4],
    filter_strength: [i8; 4],
}

#[repr(C)]
struct Worker {
    implementation: *mut c_void,
    status: c_int,
    hook: *const c_void,
    data1: *mut c_void,
    data2: *mut c_void,
    had_error: c_int,
}

#[repr(C)]
struct ThreadContext {
    id: c_int,
    mb_y: c_int,
    filter_row: c_int,
    f_info: *mut c_void,
    mb_data: *mut c_void,
    io: VP8Io,
}

#[repr(C)]
struct Random {
    index: [c_int; 2],
    tab: [u32; 55],
    amp: c_int,
}

#[repr(C)]
struct QuantMatrix {
    matrices: [[c_int; 2]; 3],
    uv_quant: c_int,
    dither: c_int,
}

#[repr(C)]
struct Probabilities {
    segments: [u8; 3],
    // types, bands, contexts, probabilities
    bands: [[[[u8; 11]; 3]; 8]; 4],
    bands_ptr: [[*const c_void; 17]; 4],
}

/// Up to what is used here.
#[repr(C)]
pub struct VP8Decoder {
    pub status: c_int,
    ready: c_int,
    error_msg: *const c_char,
    pub br: VP8BitReader,
    incremental: c_int,
    frm_hdr: FrameHeader,
    pub pic_hdr: PictureHeader,
    filter_hdr: FilterHeader,
    segment_hdr: SegmentHeader,
    worker: Worker,
    mt_method: c_int,
    cache_id: c_int,
    pub num_caches: c_int,
    thread_ctx: ThreadContext,
    pub mb_w: c_int,
    pub mb_h: c_int,
    tl_mb_x: c_int,
    tl_mb_y: c_int,
    br_mb_x: c_int,
    pub br_mb_y: c_int,
    pub num_parts_minus_one: u32,
    pub parts: [VP8BitReader; 8],
    dither: c_int,
    dithering_rg: Random,
    dqm: [QuantMatrix; 4],
    proba: Probabilities,
    use_skip_proba: c_int,
    skip_p: u8,
    intra_t: *mut u8,
    intra_l: [u8; 4],
    yuv_t: *mut c_void,
    mb_info: *mut c_void,
    f_info: *mut c_void,
    yuv_b: *mut u8,
    cache: [*mut u8; 3],
    pub cache_y_stride: c_int,
    pub cache_uv_stride: c_int,
    mem: *mut c_void,
    mem_size: usize,
    pub mb_x: c_int,
    pub mb_y: c_int,
}

/// The reader of lossless files.
#[repr(C)]
pub struct VP8LBitReader {
    val: u64,
    buf: *const u8,
    len: usize,
    pos: usize,
    bit_pos: c_int,
    eos: c_int,
}

#[repr(C)]
struct ColorCache {
    colors: *mut u32,
    hash_shift: c_int,
    hash_bits: c_int,
}

#[repr(C)]
struct HuffmanTables {
    start: *mut c_void,
    curr_table: *mut c_void,
    next: *mut c_void,
    size: c_int,
    curr_segment: *mut c_void,
}

#[repr(C)]
pub struct Metadata {
    color_cache_size: c_int,
    color_cache: ColorCache,
    saved_color_cache: ColorCache,
    huffman_mask: c_int,
    pub huffman_subsample_bits: c_int,
    pub huffman_xsize: c_int,
    pub huffman_image: *mut u32,
    num_htree_groups: c_int,
    htree_groups: *mut c_void,
    huffman_tables: HuffmanTables,
}

/// `PREDICTOR_TRANSFORM` and `CROSS_COLOR_TRANSFORM`, whose data are of tiles; greater types have none of the kind.
pub const LAST_TILED_TRANSFORM: c_int = 1;

#[repr(C)]
pub struct Transform {
    pub kind: c_int,
    pub bits: c_int,
    pub xsize: c_int,
    pub ysize: c_int,
    pub data: *mut u32,
}

/// Up to what is used here.
#[repr(C)]
pub struct VP8LDecoder {
    pub status: c_int,
    state: c_int,
    io: *mut VP8Io,
    output: *const WebPDecBuffer,
    pub pixels: *mut u32,
    argb_cache: *mut u32,
    br: VP8LBitReader,
    incremental: c_int,
    saved_br: VP8LBitReader,
    saved_last_pixel: c_int,
    pub width: c_int,
    pub height: c_int,
    pub last_row: c_int,
    pub last_pixel: c_int,
    pub last_out_row: c_int,
    pub hdr: Metadata,
    pub next_transform: c_int,
    pub transforms: [Transform; 4],
}

/// Where a lossless decoder finds its output; the rest is for scaling.
#[repr(C)]
pub struct WebPDecParams {
    pub output: *mut WebPDecBuffer,
    tmp: [*mut u8; 3],
    last_y: c_int,
    pub options: *const WebPDecoderOptions,
    scalers: [*mut c_void; 4],
    memory: *mut c_void,
    emit: [*const c_void; 3],
}

/// Makes two lines of pixels, or one, of two lines of luma and the lines of chroma above and below them.
pub type Upsample = Option<
    unsafe extern "C" fn(*const u8, *const u8, *const u8, *const u8, *const u8, *const u8, *mut u8, *mut u8, c_int),
>;

unsafe extern "C" {
    pub fn VP8InitIoInternal(io: *mut VP8Io, version: c_int) -> c_int;
    pub fn VP8New() -> *mut VP8Decoder;
    pub fn VP8GetHeaders(decoder: *mut VP8Decoder, io: *mut VP8Io) -> c_int;
    pub fn VP8EnterCritical(decoder: *mut VP8Decoder, io: *mut VP8Io) -> c_int;
    pub fn VP8InitFrame(decoder: *mut VP8Decoder, io: *mut VP8Io) -> c_int;
    pub fn VP8ParseIntraModeRow(reader: *mut VP8BitReader, decoder: *mut VP8Decoder) -> c_int;
    pub fn VP8DecodeMB(decoder: *mut VP8Decoder, reader: *mut VP8BitReader) -> c_int;
    pub fn VP8InitScanline(decoder: *mut VP8Decoder);
    pub fn VP8ProcessRow(decoder: *mut VP8Decoder, io: *mut VP8Io) -> c_int;
    pub fn VP8Delete(decoder: *mut VP8Decoder);
    pub fn VP8LNew() -> *mut VP8LDecoder;
    pub fn VP8LDecodeHeader(decoder: *mut VP8LDecoder, io: *mut VP8Io) -> c_int;
    pub fn VP8LDecodeImage(decoder: *mut VP8LDecoder) -> c_int;
    pub fn VP8LDelete(decoder: *mut VP8LDecoder);
    pub fn WebPInitUpsamplers();
    pub static WebPUpsamplers: [Upsample; 2];
}

/// Input and output of a picture's bitstream; `None` if libwebp is of another version than these structures.
pub fn io(data: &[u8]) -> Option<Box<VP8Io>> {
    let mut io = Box::<VP8Io>::new_uninit();
    // SAFETY: libwebp writes the whole structure where the version is its own, and reads nothing of it
    let mut io = unsafe {
        if libwebp_sys::WebPGetDecoderVersion() != VERSION || VP8InitIoInternal(io.as_mut_ptr(), DECODER_ABI) == 0 {
            return None;
        }
        io.assume_init()
    };
    (io.data, io.data_size) = (data.as_ptr(), data.len());
    Some(io)
}
