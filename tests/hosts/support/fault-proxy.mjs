// Stands in front of an S3 server and answers what a test wants for some requests; the rest goes through.

import { createServer, request as send } from 'node:http';

/**
 * @typedef {(request: {method: string, path: string}) => Fault | undefined} Rule
 * @typedef {'hang' | 'reset' | 'truncate' | 'stall' | {status: number, code: string}} Fault
 *   `truncate` breaks the body off half way, `stall` stops sending there
 */

/** @param {string} endpoint */
export async function startFaultProxy(endpoint) {
  const target = new URL(endpoint);
  /** @type {Rule} */
  let rule = () => undefined;
  const seen = [];
  const server = createServer((incoming, outgoing) => {
    const asked = { method: incoming.method, path: decodeURIComponent(incoming.url.split('?')[0]) };
    seen.push(`${asked.method} ${asked.path}`);
    const fault = rule(asked);
    if (fault === 'hang') return;
    if (fault === 'reset') {
      incoming.socket.resetAndDestroy();
      return;
    }
    if (typeof fault === 'object') {
      incoming.resume();
      outgoing.writeHead(fault.status, { 'content-type': 'application/xml' });
      outgoing.end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${fault.code}</Code><Message>as asked</Message></Error>`);
      return;
    }
    const { hostname, port } = target;
    // the host header stays: it is part of the signature
    const onward = send({ hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      if (!fault) {
        answer.pipe(outgoing);
        return;
      }
      const half = Number(answer.headers['content-length']) / 2;
      answer.once('data', (chunk) => {
        answer.destroy();
        outgoing.write(chunk.subarray(0, half), () => fault === 'truncate' && outgoing.destroy());
      });
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${server.address().port}`,
    seen,
    /** @param {Rule} next */
    answer(next) {
      rule = next;
      seen.length = 0;
    },
    stop: () => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
  };
}
