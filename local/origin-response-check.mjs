// What CloudFront checks of an origin-response function's answer. The service answers 502 when one of these fails; here
// every reason is named.
// Source: CloudFront Developer Guide, "Restrictions on edge functions" and "Updating HTTP responses in origin response
// triggers".

import { isDisallowed, isHeaderName, READ_ONLY } from '../lambda/src/header-rules.mjs';

/** 1 MB with headers; base64 is taken to count as it stands. */
export const MAX_BYTES = 1_048_576;

const MEMBERS = new Set(['status', 'statusDescription', 'headers', 'body', 'bodyEncoding']);
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * @param {{status: string, headers: Record<string, {key: string, value: string}[]>}} before  what the function was given
 * @param {unknown} after   what it answered
 * @param {string} method   of the request
 * @returns {string[]} why CloudFront would answer 502; empty when it would not
 */
export function reasonsToRefuse(before, after, method) {
  if (typeof after !== 'object' || after === null) return [`the answer is ${after === null ? 'null' : typeof after}`];
  const reasons = [...wrongStatus(after), ...wrongHeaders(before, after), ...wrongBody(after, method)];
  for (const name of Object.keys(after)) {
    if (!MEMBERS.has(name)) reasons.push(`${name} is not a member of a response`);
  }
  return reasons;
}

function* wrongStatus({ status, statusDescription }) {
  if (typeof status !== 'string' || !/^[2-5]\d\d$/.test(status)) {
    yield `status is ${JSON.stringify(status)}; expected a string from '200' to '599'`;
  }
  if (statusDescription !== undefined && (typeof statusDescription !== 'string' || hasControl(statusDescription))) {
    yield 'statusDescription is not a line of text';
  }
}

function* wrongHeaders(before, { headers }) {
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) {
    yield 'headers is not an object';
    return;
  }
  for (const [name, list] of Object.entries(headers)) {
    if (!isHeaderName(name)) yield `header name ${JSON.stringify(name)} is not a name in lower case`;
    if (isDisallowed(name) && !before.headers[name]) yield `header ${name} is not allowed`;
    if (!Array.isArray(list) || list.length === 0) {
      yield `header ${name} is not a list of {key, value}`;
      continue;
    }
    for (const { key, value } of list) {
      if (key !== undefined && String(key).toLowerCase() !== name) yield `header ${name} has the key ${JSON.stringify(key)}`;
      if (typeof value !== 'string') yield `header ${name} has a value that is no string`;
      else if (hasControl(value)) yield `header ${name} holds a control character`;
    }
  }
  for (const name of READ_ONLY) {
    if (JSON.stringify(before.headers[name]) !== JSON.stringify(headers[name])) yield `header ${name} is read-only`;
  }
}

function* wrongBody(after, method) {
  const { body, bodyEncoding, status } = after;
  if (bodyEncoding !== undefined && bodyEncoding !== 'text' && bodyEncoding !== 'base64') {
    yield `bodyEncoding is ${JSON.stringify(bodyEncoding)}`;
  }
  if (body === undefined) return;
  if (typeof body !== 'string') {
    yield `body is ${typeof body}; expected a string`;
    return;
  }
  if (bodyEncoding === 'base64' && !BASE64.test(body)) yield 'body is not base64';
  if (body !== '' && (method === 'HEAD' || status === '204' || status === '304')) yield 'there is a body where none may be';
  const size = Buffer.byteLength(body) + headerBytes(after.headers);
  if (size > MAX_BYTES) yield `body and headers are ${size} bytes; CloudFront takes ${MAX_BYTES}`;
}

function headerBytes(headers) {
  const lists = Object.entries(headers ?? {}).filter(([, list]) => Array.isArray(list));
  return lists.reduce((sum, [name, list]) => sum + list.reduce((all, { value }) => all + name.length + String(value).length + 4, 0), 0);
}

function hasControl(text) {
  return /[\0-\x08\x0a-\x1f\x7f]/.test(text);
}
