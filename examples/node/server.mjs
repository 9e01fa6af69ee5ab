// An HTTP server over a folder of images: the smallest host that drives an exchange. It stores no derived images.
//
//     node examples/node/server.mjs FOLDER [PORT]

import { readFile, stat } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Deckle, initSync } from '../../wasm/pkg/deckle_wasm.js';

const wasm = readFileSync(new URL('../../wasm/pkg/deckle_wasm_bg.wasm', import.meta.url));
initSync({ module: new WebAssembly.Module(wasm) });

/**
 * @param {string} folder
 * @param {object} [config] the content of a deckle.json
 * @returns {import('node:http').Server}
 */
export function server(folder, config = {}) {
  const deckle = new Deckle(JSON.stringify(config));
  return createServer(async (request, response) => {
    try {
      await answer(deckle, resolve(folder), request, response);
    } catch (error) {
      console.error(error);
      response.writeHead(500).end();
    }
  });
}

async function answer(deckle, folder, { method, url, headers }, response) {
  const [path, query = ''] = url.split(/\?(.*)/s);
  const exchange = deckle.begin(JSON.stringify({ method, path, query, headers }), 'viewer', Date.now());
  const next = () => JSON.parse(exchange.step());
  // keys have no `..` and no empty segment: the exchange has checked them
  let file;
  let step = next();
  while (step.step !== 'answer') {
    if (step.step === 'load') {
      file = join(folder, step.key);
      const found = step.store === 'source' && (await stat(file).catch(() => undefined));
      if (found && found.isFile()) exchange.found(JSON.stringify({ size: found.size, lastModified: found.mtime.toUTCString() }));
      else exchange.missing(Date.now());
    } else if (step.step === 'read') {
      const bytes = await readFile(file);
      exchange.body(bytes.subarray(0, step.maxBytes), () => performance.now());
    } else if (step.step === 'list') {
      // nothing is stored
      exchange.listed('[]', Date.now());
    } else if (step.step === 'detect') {
      // nothing here sees into pictures
      exchange.missing(Date.now());
    } else {
      throw new Error(`a step that this host does not know: ${step.step}`);
    }
    step = next();
  }
  response.writeHead(step.status, step.headers);
  if (step.send === 'result') response.end(exchange.take());
  else response.end(step.send === 'object' ? await readFile(file) : undefined);
  exchange.free();
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [folder, port = '8080'] = process.argv.slice(2);
  if (!folder) {
    console.error('usage: node server.mjs FOLDER [PORT]');
    process.exit(1);
  }
  server(folder).listen(Number(port), () => console.log(`http://localhost:${port}`));
}
