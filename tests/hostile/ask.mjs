// A request over a connection of its own, byte for byte as it stands: HTTP clients would refuse or repair much of it.

import { connect } from 'node:net';

/** Longer than any answer may take; work is bounded. */
const PATIENCE_MS = 60_000;

/** @returns {Promise<{status: number, head: string, body: string}>} status 0 where the connection ends without an answer */
export function ask(port, path, headers = {}) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const chunks = [];
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error(`no answer in ${PATIENCE_MS} ms: ${path.slice(0, 100)}`)));
    const answer = () => {
      const text = Buffer.concat(chunks).toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), head: text.slice(0, Math.max(end, 0)), body: text.slice(end + 4) };
    };
    // workerd keeps a connection whatever it is asked to
    const isWhole = ({ head, body }) => {
      const length = /\r\ncontent-length: (\d+)/i.exec(head);
      return length ? body.length >= Number(length[1]) : /\r\ntransfer-encoding: chunked/i.test(head) && body.endsWith('0\r\n\r\n');
    };
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      const soFar = answer();
      if (!isWhole(soFar)) return;
      socket.destroy();
      resolve(soFar);
    }).on('error', reject);
    socket.on('close', () => resolve(answer()));
    const lines = Object.entries({ host: 'deckle.test', connection: 'close', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(Buffer.from(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1'));
  });
}

/**
 * Asks for all of them, a few at a time.
 * @returns {Promise<string[]>} those that are answered with anything but an image, a redirect, or a client's mistake with a code
 */
export async function failures(port, paths) {
  const wrong = [];
  const waiting = [...paths];
  const worker = async () => {
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
      const started = performance.now();
      const { status, head, body } = await ask(port, path).catch((error) => ({ status: error.message, head: '', body: '' }));
      const milliseconds = Math.round(performance.now() - started);
      const hasCode = () => /"code":"[\w:]+"/.test(body) || SERVERS_OWN.has(status);
      const isGood = status >= 200 && (status < 400 || (status < 500 && hasCode()));
      const isWhole = !/\r\nset-cookie/i.test(head);
      if (!isGood || !isWhole || milliseconds > SLOW_MS) wrong.push(`${status} after ${milliseconds} ms: ${path.slice(0, 200)} ${body.slice(0, 200)}`);
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  return wrong;
}

/** What a server in front of the edge says without asking it: bad request line, URL too long, header fields too large. */
const SERVERS_OWN = new Set([400, 404, 414, 431]);
/** Four at a time on a machine that does other things: what is bounded takes a few seconds. */
const SLOW_MS = 45_000;
