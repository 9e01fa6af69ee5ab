// A Worker that transforms the images of another site: /400w/bw/photo.jpg is ORIGIN/photo.jpg, 400 pixels wide, black and white.
// Results are kept in the Cache API. `worker/` is the Worker with everything else: R2, format=auto, conditional requests.

import { canonical, initSync, transform } from '../../wasm/pkg/deckle_wasm.js';
import wasm from '../../wasm/pkg/deckle_wasm_bg.wasm';

initSync({ module: wasm });

/** Larger sources are refused: an isolate has 128 MB for everything. */
const MAX_SOURCE_BYTES = 16 * 1024 * 1024;

export default {
  async fetch(request, env, context) {
    const { pathname, search } = new URL(request.url);
    const meant = JSON.parse(canonical(pathname, search.slice(1), undefined, undefined, '{}'));
    if (meant.error) return failure(400, meant.error.code, meant.error.message);

    const name = new Request(new URL(meant.path, request.url));
    const kept = await caches.default.match(name);
    if (kept) return kept;

    // {dims}/{options}/{key}
    const key = meant.path.split('/').slice(3).join('/');
    const source = await fetch(new URL(key, env.ORIGIN));
    if (!source.ok) return failure(source.status === 404 ? 404 : 502, 'source_unavailable', 'the origin has no such image');
    if (Number(source.headers.get('content-length')) > MAX_SOURCE_BYTES) return failure(413, 'limit_exceeded', 'the source is too large');

    let made;
    try {
      made = transform(new Uint8Array(await source.arrayBuffer()), meant.path);
    } catch (error) {
      if (!error.code) throw error;
      return failure(422, error.code, error.message);
    }
    const headers = { 'content-type': made.contentType, 'cache-control': 'public, max-age=86400' };
    const response = new Response(made.bytes, { headers });
    made.free();
    context.waitUntil(caches.default.put(name, response.clone()));
    return response;
  },
};

function failure(status, code, message) {
  return Response.json({ status, code, message }, { status, headers: { 'cache-control': 'public, max-age=10' } });
}
