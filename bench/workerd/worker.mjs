// Deckle's wasm in a Worker that keeps one photo: PUT the photo once, then one transformation a request.
import module from './deckle_wasm_bg.wasm';
import { initSync, memoryBytes, transform, warmUp } from './deckle_wasm.js';

initSync({ module });
let source;

export default {
  async fetch(request) {
    const { pathname, search } = new URL(request.url);
    if (request.method === 'PUT') {
      source = new Uint8Array(await request.arrayBuffer());
      return new Response(null, { status: 204 });
    }
    if (pathname === '/warm-up') warmUp();
    if (pathname === '/empty' || pathname === '/warm-up') return new Response('');
    try {
      const made = transform(source, pathname + search);
      const { bytes } = made;
      made.free();
      return new Response(bytes, { headers: { 'x-memory-bytes': String(memoryBytes()) } });
    } catch (error) {
      return new Response(String(error), { status: 500 });
    }
  },
};
