// CloudFront's order of events on one machine: viewer-request function → cache → origin (S3) → origin-response function
// for every answer of the origin → a check of its answer → cache → response headers policy → viewer. Requests for the same object
// at the same time are one request to the origin.

import { randomBytes } from 'node:crypto';
import { createServer, STATUS_CODES } from 'node:http';
import { EdgeCache } from './edge-cache.mjs';
import { NobodyWaits } from './lambda-threads.mjs';
import { reasonsToRefuse } from './origin-response-check.mjs';
import { applyPolicy } from './response-headers.mjs';
import { FunctionError } from './viewer-request.mjs';

const VIA = '1.1 local.cloudfront.net (CloudFront)';
/** Headers of one connection, and those that CloudFront writes itself. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'via', 'content-length', 'date']);
const METHODS = new Set(['GET', 'HEAD']);
const MAX_URL_CHARS = 8_192;
const NO_POLICY = { set: [], remove: [] };

/**
 * @typedef {object} OriginSettings  an S3 origin of the distribution
 * @property {import('./s3-face.mjs').Origin} fetch
 * @property {string} domainName  `bucket.s3.region.amazonaws.com`
 * @property {string} region
 * @property {string} [path]
 * @property {Record<string, string>} [customHeaders]
 *
 * @typedef {{members: [string, string], statuses: number[]}} OriginGroup  the second member is asked when the first answers one of these
 *
 * @typedef {object} Visit  what happened to one request, for logs and tests
 * @property {string} method @property {string} url @property {string} path  the path after the function
 * @property {number} status @property {string} xCache @property {string} [origin] @property {number} [originStatus]
 * @property {number} milliseconds
 */

export class CloudFront {
  /** @type {string[]} every reason for which CloudFront would have answered 502 */
  faults = [];
  cache;
  server;
  #settings;
  /** Requests to origins that are under way, by method, origin and path. */
  #fetches = new Map();

  /**
   * @param {object} settings
   * @param {ReturnType<import('./viewer-request.mjs').viewerRequestFunction>} settings.viewerRequest
   * @param {(event: object, options: {signal: AbortSignal}) => Promise<object>} [settings.originResponse]  the signal is aborted when
   *   every viewer has left
   * @param {Record<string, OriginGroup>} [settings.groups]  by id
   * @param {import('./response-headers.mjs').ResponseHeadersPolicy} [settings.responseHeaders]
   * @param {Record<string, OriginSettings>} settings.origins  by id
   * @param {string} settings.defaultOrigin  the id of the behaviour's target
   * @param {EdgeCache} [settings.cache]
   * @param {(path: string, query: string) => Promise<{status: number, headers: [string, string][], body: Buffer} | undefined>} [settings.pages]
   *   a behaviour of its own for some paths: static pages, past the functions
   * @param {(visit: Visit) => void} [settings.onVisit]
   */
  constructor(settings) {
    this.#settings = settings;
    this.cache = settings.cache ?? new EdgeCache();
    this.server = createServer((request, response) => void this.#serve(request, response));
  }

  /** @returns {Promise<number>} the port */
  listen(port = 0, host = '127.0.0.1') {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, () => resolve(this.server.address().port));
    });
  }

  /** @returns {Promise<void>} */
  close() {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  async #serve(incoming, outgoing) {
    const start = performance.now();
    const request = viewerRequest(incoming);
    const visit = { method: request.method, url: incoming.url, path: request.uri };
    const viewer = new AbortController();
    outgoing.once('close', () => viewer.abort());
    let answer;
    try {
      const page = METHODS.has(request.method) ? await this.#settings.pages?.(request.uri, request.querystring) : undefined;
      if (page) return void send(outgoing, conditional({ ...page, xCache: 'Miss from cloudfront' }, request), request.method);
      answer = await this.#answer(request, visit, viewer.signal);
    } catch (error) {
      if (error instanceof NobodyWaits) return;
      answer = this.#fault(error, visit);
    }
    answer.headers = applyPolicy(answer.headers, this.#settings.responseHeaders ?? NO_POLICY);
    const status = send(outgoing, conditional(answer, request), request.method);
    const milliseconds = performance.now() - start;
    this.#settings.onVisit?.({ ...visit, status, xCache: answer.xCache, milliseconds });
  }

  async #answer(viewer, visit, signal) {
    if (!viewer.uri.startsWith('/') || /#/.test(viewer.uri + viewer.querystring)) return generated(400, 'the request is no path', 'Error');
    if (viewer.uri.length + viewer.querystring.length > MAX_URL_CHARS) return generated(414, `the URL is longer than ${MAX_URL_CHARS}`, 'Error');
    if (!METHODS.has(viewer.method)) return generated(403, 'this distribution allows GET and HEAD', 'Error');
    const { request, response, originId } = await this.#settings.viewerRequest(viewer);
    if (response) return { ...response, xCache: 'FunctionGeneratedResponse from cloudfront' };
    visit.path = request.uri;

    const kept = this.cache.get(request.uri);
    if (kept) {
      const headers = [...kept.headers, ['age', String(kept.age)]];
      return { ...kept, headers, xCache: `${kept.status < 400 ? 'Hit' : 'Error'} from cloudfront` };
    }
    const made = await this.#collapsed(request, originId ?? this.#settings.defaultOrigin, visit, signal);
    return { ...made, xCache: `${made.status < 400 ? 'Miss' : 'Error'} from cloudfront` };
  }

  /** Joins a request for the same object that is under way, or sends one. */
  async #collapsed(request, originId, visit, signal) {
    const key = `${request.method} ${originId} ${request.uri}`;
    let fetched = this.#fetches.get(key);
    if (!fetched || fetched.controller.signal.aborted) {
      const controller = new AbortController();
      const job = { controller, viewers: 0, visit: {} };
      job.answer = this.#fromOrigin(request, originId, job.visit, controller.signal).finally(() => {
        if (this.#fetches.get(key) === job) this.#fetches.delete(key);
      });
      job.answer.then((made) => request.method === 'GET' && this.cache.put(request.uri, made), () => {});
      this.#fetches.set(key, job);
      fetched = job;
    }
    fetched.viewers += 1;
    signal.addEventListener('abort', () => {
      fetched.viewers -= 1;
      if (fetched.viewers === 0) fetched.controller.abort();
    });
    const made = await fetched.answer;
    Object.assign(visit, fetched.visit);
    return made;
  }

  async #fromOrigin(request, originId, visit, signal) {
    const group = this.#settings.groups?.[originId];
    if (group) {
      const first = await this.#fromOrigin(request, group.members[0], visit, signal);
      if (!group.statuses.includes(first.status)) return first;
      return this.#fromOrigin(request, group.members[1], visit, signal);
    }
    const origin = this.#settings.origins[originId];
    if (!origin) throw new Error(`the function selected the origin ${JSON.stringify(originId)}, which the distribution does not have`);
    const uri = encodeURI(request.uri).replaceAll('%25', '%'); // escapes text beyond ASCII and leaves escapes as they are
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, values]) => [name, values.join(', ')]));
    // a miss is fetched whole; the viewer's condition is applied to it afterwards
    const fetched = await origin.fetch({ method: request.method, uri });
    visit.origin = originId;
    visit.originStatus = fetched.status;
    if (!this.#settings.originResponse) return { status: fetched.status, headers: fetched.headers, body: fetched.body };

    const event = originResponseEvent({ ...request, uri, headers }, origin, fetched);
    const before = structuredClone(event.Records[0].cf.response);
    let after;
    try {
      after = await this.#settings.originResponse(event, { signal });
    } catch (error) {
      if (error instanceof NobodyWaits) throw error;
      throw new ServiceFault([`the function threw: ${error?.stack ?? error}`]);
    }
    const reasons = reasonsToRefuse(before, after, request.method);
    if (reasons.length > 0) throw new ServiceFault(reasons);
    return {
      status: Number(after.status),
      headers: Object.entries(after.headers).flatMap(([name, list]) => list.map(({ value }) => [name, value])),
      body: after.body === undefined ? fetched.body : Buffer.from(after.body, after.bodyEncoding === 'base64' ? 'base64' : 'utf8'),
    };
  }

  /** Where the service would answer 502 or 503, this answers 500 and says why. */
  #fault(error, { method, url }) {
    const reasons = error instanceof ServiceFault ? error.reasons : [String(error?.message ?? error)];
    this.faults.push(...reasons);
    console.error(`cloudfront: ${method} ${url} would be a ${error instanceof FunctionError ? 503 : 502}:`);
    for (const reason of reasons) console.error(`cloudfront:   ${reason}`);
    return generated(500, reasons.join('; '), error instanceof FunctionError ? 'FunctionExecutionError' : 'LambdaValidationError');
  }
}

class ServiceFault extends Error {
  constructor(reasons) {
    super(reasons.join('; '));
    this.reasons = reasons;
  }
}

/** @returns {import('./viewer-request.mjs').ViewerRequest} the request as it was sent, nothing decoded */
function viewerRequest(incoming) {
  const url = Buffer.from(incoming.url, 'latin1').toString();
  const mark = url.indexOf('?');
  const headers = { ...incoming.headersDistinct };
  for (const name of ['connection', 'keep-alive', 'upgrade', 'expect']) delete headers[name];
  if (!Object.keys(headers).some((name) => /^cloudfront-is-.*-viewer$/.test(name))) Object.assign(headers, deviceHeaders(headers));
  return {
    method: incoming.method,
    uri: mark < 0 ? url : url.slice(0, mark),
    querystring: mark < 0 ? '' : url.slice(mark + 1),
    headers,
    ip: incoming.socket.remoteAddress ?? '127.0.0.1',
  };
}

/** Roughly what CloudFront says of a User-Agent; headers that are sent win, so that they can be tried with curl. */
function deviceHeaders(headers) {
  const agent = headers['user-agent']?.[0] ?? '';
  const isTablet = /iPad|Tablet|Android(?!.*Mobile)/.test(agent);
  const isMobile = isTablet || /Mobi|iPhone/.test(agent);
  const is = (name, value) => [`cloudfront-is-${name}-viewer`, [String(value)]];
  return Object.fromEntries([is('mobile', isMobile), is('tablet', isTablet), is('desktop', !isMobile)]);
}

/**
 * The event of an origin-response trigger.
 * @param {{method: string, uri: string, querystring: string, headers: Record<string, string>, ip: string}} request
 * @param {OriginSettings} origin
 * @param {import('./s3-face.mjs').OriginAnswer} fetched
 */
export function originResponseEvent({ method, uri, querystring, headers, ip }, origin, fetched) {
  const forwarded = Object.entries(headers).filter(([name]) => name === 'if-none-match' || name === 'range');
  const sent = {
    host: origin.domainName,
    'user-agent': 'Amazon CloudFront',
    via: VIA,
    'x-forwarded-for': ip,
    ...Object.fromEntries(forwarded),
  };
  return {
    Records: [{
      cf: {
        config: {
          distributionDomainName: 'local.cloudfront.net', distributionId: 'ELOCAL', eventType: 'origin-response',
          requestId: randomBytes(16).toString('base64url'),
        },
        request: {
          clientIp: ip,
          headers: lists(Object.entries(sent)),
          method,
          origin: {
            s3: {
              authMethod: 'none',
              customHeaders: lists(Object.entries(origin.customHeaders ?? {})),
              domainName: origin.domainName,
              path: origin.path ?? '',
              region: origin.region,
            },
          },
          querystring,
          uri,
        },
        response: {
          headers: lists(fetched.headers),
          status: String(fetched.status),
          statusDescription: fetched.statusDescription,
        },
      },
    }],
  };
}

function lists(pairs) {
  const result = {};
  for (const [name, value] of pairs) {
    const key = name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
    (result[name] ??= []).push({ key, value });
  }
  return result;
}

function generated(status, message, xCache) {
  return {
    status,
    headers: [['content-type', 'application/json'], ['cache-control', 'no-store']],
    body: Buffer.from(JSON.stringify({ status, code: 'local_cloudfront', message })),
    xCache: `${xCache} from cloudfront`,
  };
}

/** The viewer's conditions, applied to a whole answer. */
function conditional(answer, { headers }) {
  if (answer.status !== 200) return answer;
  const of = (wanted) => answer.headers.find(([name]) => name === wanted)?.[1];
  const tags = headers['if-none-match']?.join(',');
  const since = Date.parse(headers['if-modified-since']?.[0]);
  const isSame = tags === undefined ? Date.parse(of('last-modified')) <= since : hasTag(tags, of('etag'));
  return isSame ? { ...answer, status: 304, body: Buffer.alloc(0) } : answer;
}

function hasTag(tags, etag) {
  if (etag === undefined) return false;
  const opaque = (tag) => tag.trim().replace(/^W\//, '');
  return tags.trim() === '*' || tags.split(',').some((tag) => opaque(tag) === opaque(etag));
}

function send(outgoing, { status, headers, body, xCache }, method) {
  for (const [name, value] of headers) {
    if (!HOP_BY_HOP.has(name)) outgoing.appendHeader(name, value);
  }
  outgoing.setHeader('via', VIA);
  outgoing.setHeader('x-cache', xCache);
  const isKnownLength = method !== 'HEAD' || body.length > 0;
  if (status !== 304 && isKnownLength) outgoing.setHeader('content-length', body.length);
  outgoing.writeHead(status, STATUS_CODES[status]);
  outgoing.end(method === 'HEAD' || status === 304 ? undefined : body);
  return status;
}
