// A body that is streamed through the Worker. Once its head has been sent, all that can be done about a source that stops is to break off; left
// alone, workerd would wait for it as long as the viewer does.
//
// It is JavaScript and not Rust, because it goes on after the request's work in WebAssembly has ended and the instance may be replaced.

/** Bytes that are held of a body at a time. */
const CHUNK = 64 << 10;

/**
 * The same body, which breaks off when it has another length than `size`, or when its source gives nothing for `idle` milliseconds while
 * it is asked for more. How long a viewer takes to read does not count.
 *
 * @param {ReadableStream} body
 * @param {number} size in bytes
 * @param {number} idle
 * @returns {ReadableStream}
 */
export function carried(body, size, idle) {
  const { readable, writable } = new FixedLengthStream(size);
  carry(body.getReader({ mode: 'byob' }), writable.getWriter(), [], idle);
  return readable;
}

/**
 * A body of unknown length: all of it if that is at most `most` bytes, else a stream of it. The stream cannot be seen to break off, because workerd
 * ends it as if it were whole.
 *
 * @param {ReadableStream} body
 * @param {number} most
 * @param {number} idle
 * @returns {Promise<Uint8Array | ReadableStream>} rejects if it breaks off before that is known
 */
export async function wholeOrCarried(body, most, idle) {
  const reader = body.getReader({ mode: 'byob' });
  // one buffer, however small the pieces are
  let buffer = new ArrayBuffer(most + CHUNK);
  let length = 0;
  try {
    while (length <= most) {
      const { done, value } = await within(idle, reader.read(new Uint8Array(buffer, length)));
      buffer = value.buffer;
      if (done) return new Uint8Array(buffer.slice(0, length));
      length += value.length;
    }
  } catch (error) {
    Promise.allSettled([reader.cancel(error)]);
    throw error;
  }
  const { readable, writable } = new IdentityTransformStream();
  carry(reader, writable.getWriter(), [new Uint8Array(buffer, 0, length)], idle);
  return readable;
}

/** Writes what has been read already, then the rest. */
async function carry(reader, writer, begun, idle) {
  try {
    while (begun.length > 0) await writer.write(begun.shift());
    for (let buffer = new ArrayBuffer(CHUNK); ; ) {
      const { done, value } = await within(idle, reader.read(new Uint8Array(buffer)));
      if (done) break;
      await writer.write(value);
      buffer = value.buffer;
    }
    await writer.close();
  } catch (error) {
    // neither is wanted any more, whatever they answer
    await Promise.allSettled([reader.cancel(error), writer.abort(error)]);
  }
}

/** What a promise gives, unless it takes longer. */
function within(milliseconds, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new DOMException('the source stopped in the middle of its body', 'TimeoutError')), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
