//! Bodies: read into WebAssembly's memory without a second copy, checked against their length, within a deadline.

use std::future::Future;
use std::time::Duration;

use futures_util::future::{Either, select};
use futures_util::pin_mut;
use js_sys::{Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;
use web_sys::{ReadableStream, ReadableStreamByobReader, ReadableStreamGetReaderOptions, ReadableStreamReaderMode};
use worker::{Delay, Error};

/// Until when a source has to be there.
#[derive(Clone, Copy)]
pub struct Deadline {
    ends: f64,
}

/// The deadline passed.
pub struct Late;

impl Deadline {
    pub fn after_ms(milliseconds: u32) -> Self {
        Self { ends: js_sys::Date::now() + f64::from(milliseconds) }
    }

    /// Waits for something, but not past the deadline.
    pub async fn within<T>(self, future: impl Future<Output = T>) -> Result<T, Late> {
        let left = (self.ends - js_sys::Date::now()).max(0.0);
        let late = Delay::from(Duration::from_millis(left as u64));
        pin_mut!(future);
        match select(future, late).await {
            Either::Left((value, _)) => Ok(value),
            Either::Right(_) => Err(Late),
        }
    }
}

/// Why a body is not there.
pub enum Broken {
    Late,
    /// It broke off, or is shorter than it should be.
    Off(Error),
}

impl From<Late> for Broken {
    fn from(_: Late) -> Self {
        Self::Late
    }
}

impl From<JsValue> for Broken {
    fn from(error: JsValue) -> Self {
        Self::Off(error.into())
    }
}

/// The buffer that a stream is read through.
const CHUNK: u32 = 1 << 20;

/// Reads a stream, a little past `max_bytes` at most. `size` is its length where that is known.
pub async fn read(
    stream: &ReadableStream,
    size: Option<u64>,
    max_bytes: u64,
    deadline: Deadline,
) -> Result<Vec<u8>, Broken> {
    let options = ReadableStreamGetReaderOptions::new();
    options.set_mode(ReadableStreamReaderMode::Byob);
    let reader: ReadableStreamByobReader = stream.get_reader_with_options(&options).unchecked_into();
    let read = read_all(&reader, size, max_bytes, deadline).await;
    if !matches!(read, Ok((_, true))) {
        // the rest is not wanted; that it cannot be cancelled is nobody's loss
        forget(reader.cancel());
    }
    Ok(read?.0)
}

/// The bytes, and whether they are all.
async fn read_all(
    reader: &ReadableStreamByobReader,
    size: Option<u64>,
    max_bytes: u64,
    deadline: Deadline,
) -> Result<(Vec<u8>, bool), Broken> {
    let expected = usize::try_from(size.unwrap_or(0).min(max_bytes)).unwrap_or(0);
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(expected).map_err(|error| Broken::Off(Error::RustError(error.to_string())))?;
    let mut view = Uint8Array::new_with_length(size.map_or(CHUNK, |size| CHUNK.min(size.max(1) as u32)));
    loop {
        let result = deadline.within(JsFuture::from(read_at_least(reader, &view)?)).await??;
        let chunk = Reflect::get(&result, &"value".into())?;
        if let Some(chunk) = chunk.dyn_ref::<Uint8Array>() {
            let start = bytes.len();
            let length = chunk.length() as usize;
            bytes.try_reserve(length).map_err(|error| Broken::Off(Error::RustError(error.to_string())))?;
            bytes.resize(start + length, 0);
            chunk.copy_to(&mut bytes[start..]);
            view = Uint8Array::new(&chunk.buffer());
        }
        if Reflect::get(&result, &"done".into())?.is_truthy() {
            return Ok((bytes, true));
        }
        if bytes.len() as u64 > max_bytes {
            return Ok((bytes, false));
        }
    }
}

/// `readAtLeast` of workerd: fills the buffer before it answers, so that a body is a few turns and not hundreds.
fn read_at_least(reader: &ReadableStreamByobReader, view: &Uint8Array) -> Result<Promise, JsValue> {
    let function: Function = Reflect::get(reader, &"readAtLeast".into())?.dyn_into()?;
    function.call2(reader, &view.length().into(), view)?.dyn_into()
}

/// All of a body in JavaScript's memory, where its length is known; another length is an error.
pub async fn whole(stream: ReadableStream, size: u64, deadline: Deadline) -> Result<Uint8Array, Broken> {
    let response = Response::new_with_opt_readable_stream(Some(&stream))?;
    let buffer = deadline.within(JsFuture::from(response.array_buffer()?)).await??;
    let bytes = Uint8Array::new(&buffer);
    if u64::from(bytes.length()) == size {
        return Ok(bytes);
    }
    Err(Broken::Off(Error::RustError(format!("{} bytes of {size} came", bytes.length()))))
}

#[wasm_bindgen(module = "/src/carry.js")]
extern "C" {
    /// The stream itself, which breaks off when its length is another than `size`, or when its source gives nothing for `idle_ms`.
    #[wasm_bindgen(catch)]
    pub fn carried(stream: &ReadableStream, size: f64, idle_ms: u32) -> Result<ReadableStream, JsValue>;

    #[wasm_bindgen(js_name = wholeOrCarried)]
    fn whole_or_carried(stream: &ReadableStream, most: u32, idle_ms: u32) -> Promise;
}

/// A body whose length is not known.
pub enum Unmeasured {
    /// It came to its end.
    Whole(Uint8Array),
    /// It is longer than what may be held.
    Stream(ReadableStream),
}

/// Reads a body of unknown length as far as it may be held; each part of it has to come within `idle_ms`.
pub async fn unmeasured(stream: &ReadableStream, most: u32, idle_ms: u32) -> Result<Unmeasured, Broken> {
    match JsFuture::from(whole_or_carried(stream, most, idle_ms)).await {
        Ok(body) => match body.dyn_into::<Uint8Array>() {
            Ok(bytes) => Ok(Unmeasured::Whole(bytes)),
            Err(stream) => Ok(Unmeasured::Stream(stream.unchecked_into())),
        },
        Err(error) => {
            let is_late = error.dyn_ref::<js_sys::Error>().is_some_and(|error| error.name() == "TimeoutError");
            Err(if is_late { Broken::Late } else { error.into() })
        }
    }
}

/// Lets a promise run to its end, whatever that is. Nothing in WebAssembly waits for it, so the instance may be replaced meanwhile.
pub fn forget(promise: Promise) {
    let _settled = Promise::all_settled(&js_sys::Array::of1(&promise));
}
