// An HTTP origin that goes wrong in every way one can, and counts what it is asked for.
import { createServer } from 'node:http';

/**
 * @param {Record<string, (request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => void>} routes
 *   by path
 */
export async function startOrigin(routes) {
  const seen = new Map();
  const server = createServer((request, response) => {
    seen.set(request.url, (seen.get(request.url) ?? 0) + 1);
    const route = routes[request.url];
    if (route) return route(request, response);
    response.writeHead(404);
    return response.end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    count: (path) => seen.get(path) ?? 0,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** All of a body, with its length. */
export const whole = (body, headers = {}) => (_, response) => {
  response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': body.length, ...headers });
  response.end(body);
};

/** All of a body, with its length, the second half of it later. */
export const slowly = (body, milliseconds = 500) => (_, response) => {
  response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': body.length });
  response.write(body.subarray(0, body.length / 2));
  setTimeout(() => response.end(body.subarray(body.length / 2)), milliseconds);
};

/** A body of which parts can be had. */
export const inParts = (body, headers) => (request, response) => {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  const common = { 'accept-ranges': 'bytes', ...headers };
  if (first === undefined || request.headers['if-match'] !== headers.etag) return whole(body, common)(request, response);
  const part = body.subarray(Number(first), Number(last) + 1);
  response.writeHead(206, { ...common, 'content-length': part.length, 'content-range': `bytes ${first}-${last}/${body.length}` });
  return response.end(part);
};

/** The start of a body that says it is longer, and then nothing. */
export const stalled = (start, length = 1_000_000) => (_, response) => {
  response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': length });
  response.write(start);
};

/** The start of a body that says it is longer, and then the end of the connection. */
export const cut = (start, length = 1_000_000) => (_, response) => {
  response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': length });
  response.write(start);
  setTimeout(() => response.destroy(), 50);
};

/** A body, or the start of one, whose length is not said. */
export const unmeasured = (start, after = () => {}) => (_, response) => {
  response.writeHead(200, { 'content-type': 'application/zip' });
  response.write(start, () => after(response));
};
