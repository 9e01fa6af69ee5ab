// Lambda Function URL, the second member of an origin group: CloudFront asks it when S3 has no such derived image.
//
// Where the runtime can stream (`awslambda.streamifyResponse`), the answer is streamed; else it is buffered, at most 6 MB
// of JSON.

import { CONFIG_VARIABLE, readConfigFile, resolveConfig } from './config.mjs';
import { rekognition } from './detector.mjs';
import { runExchange, unexpected, withBody } from './exchange.mjs';
import { keep } from './keep.mjs';
import { logError } from './log.mjs';
import { s3Store } from './s3-store.mjs';
import { redirectTooLarge } from './too-large.mjs';
import { wasmInstance } from './wasm.mjs';

/** A buffered response is JSON with the body in base64, 6 MiB at most; the rest is room for headers. */
export const MAX_BUFFERED_BYTES = Math.floor(((6 * 1024 * 1024 - 64 * 1024) / 4) * 3);
/** A streamed response. */
export const MAX_STREAMED_BYTES = 200 * 1024 * 1024;

/**
 * @param {object} [host]
 * @param {object} [host.file]     the configuration file's content
 * @param {string} [host.text]     JSON that overrides it: the variable `DECKLE`
 * @param {import('./wasm-instance.mjs').WasmInstance} [host.wasm]
 * @param {(aws: import('./config.mjs').AwsConfig) => import('./exchange.mjs').Store} [host.makeStore]
 * @param {(aws: import('./config.mjs').AwsConfig) => import('./detector.mjs').Detector} [host.makeDetector]
 * @returns {{buffered: (event: object) => Promise<object>, streamed: (event: object, stream: object) => Promise<void>}}
 */
export function functionUrl({ file = readConfigFile(), text = process.env[CONFIG_VARIABLE], wasm = wasmInstance(), makeStore = s3Store, makeDetector = rekognition } = {}) {
  const host = () => {
    const config = resolveConfig(file, text);
    return { wasm, config, store: makeStore(config.aws), detector: makeDetector(config.aws) };
  };
  return {
    async buffered(event) {
      const answer = await respond(host, event, MAX_BUFFERED_BYTES);
      const { status, headers, bytes = [] } = await withBody(answer);
      return {
        statusCode: status,
        headers: Object.fromEntries(headers),
        body: Buffer.from(bytes).toString('base64'),
        isBase64Encoded: true,
      };
    },

    async streamed(event, stream) {
      const answer = await respond(host, event, MAX_STREAMED_BYTES);
      const metadata = { statusCode: answer.status, headers: Object.fromEntries(answer.headers) };
      const response = globalThis.awslambda.HttpResponseStream.from(stream, metadata);
      // the first write sends status and headers, be it empty; `end` alone would send none
      response.write(Buffer.from(answer.bytes ?? []));
      if (answer.loaded) await pipe(answer.loaded.stream(), response);
      else response.end();
    },
  };
}

async function respond(makeHost, event, maxBytes) {
  const start = Date.now();
  try {
    const host = makeHost();
    const head = {
      method: event.requestContext.http.method,
      path: event.rawPath,
      query: event.rawQueryString ?? '',
      headers: event.headers ?? {},
    };
    const answer = await runExchange(host, head, 'derived-miss');
    const size = answer.bytes?.length ?? (answer.loaded ? (answer.loaded.object.size ?? Infinity) : 0);
    return await (size > maxBytes ? redirectTooLarge(host, answer, head.path, start) : keep(host, answer, head.path, start, start));
  } catch (error) {
    return unexpected(error, event?.rawPath);
  }
}

/** The head has been sent by then, so a body that breaks off can only end the stream with an error. */
function pipe(from, to) {
  return new Promise((resolve) => {
    from.on('error', (error) => {
      logError('stream', { error });
      to.destroy?.(error);
      resolve();
    });
    to.on('finish', resolve);
    to.on('error', resolve);
    from.pipe(to);
  });
}

const handlers = functionUrl();
export const handler = globalThis.awslambda?.streamifyResponse?.(handlers.streamed) ?? handlers.buffered;
