// A Worker's wasm that may have less memory: an allocation that fails is a real trap.

/**
 * @param {Uint8Array} wasm
 * @param {number} pages  of 64 KiB
 * @returns {Uint8Array} the same module with this maximum of its one memory
 */
export function withMostPages(wasm, pages) {
  const MEMORY_SECTION = 5;
  for (let at = 8; at < wasm.length; ) {
    const id = wasm[at];
    const [size, start] = varuint(wasm, at + 1);
    if (id === MEMORY_SECTION) {
      const [count, flags] = varuint(wasm, start);
      const [least] = varuint(wasm, flags + 1);
      if (count !== 1) throw new Error(`${count} memories`);
      const body = [1, 1, ...bytes(least), ...bytes(pages)];
      return Buffer.concat([wasm.subarray(0, at), Buffer.from([MEMORY_SECTION, ...bytes(body.length), ...body]), wasm.subarray(start + size)]);
    }
    at = start + size;
  }
  throw new Error('no memory section');
}

/** A LEB128 number, and where it ends. */
function varuint(from, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = from[at++];
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return [value, at];
  }
}

function bytes(value) {
  const out = [];
  for (; value > 127; value = Math.floor(value / 128)) out.push((value % 128) | 128);
  return [...out, value];
}
