// What one deployment is told: `deckle.json` beside the code, and what a template knows only when it makes the stack. Lambda@Edge
// has no environment variables, so there it is the origin's custom header; elsewhere it is the variable `DECKLE`.

import { existsSync, readFileSync } from 'node:fs';

import { httpOrigins } from './http-origin.mjs';

/**
 * @typedef {{bucket: string, region: string, prefix?: string}} Bucket
 * @typedef {object} AwsConfig
 * @property {Bucket} source          where originals are
 * @property {Record<string, Bucket>} buckets  others that requests may name, by that name; one that is not here is in the source's region
 * @property {import('./http-origin.mjs').HttpOrigin[]} origins  HTTP servers with sources
 * @property {Bucket} derived         where transformed images are kept
 * @property {string} [stack]         the deployment's name, by which its metrics are told apart; without one nothing is counted
 * @property {boolean} canList        whether the role may list the source buckets: then S3 says 404 of what is not there, and 403 is a lack of rights
 * @property {boolean} originals      whether the path of an original is served by something other than this function
 * @property {number} connectTimeoutMs  to reach S3
 * @property {number} loadTimeoutMs     for one object, from the request to the last byte
 * @property {number} storeTimeoutMs    for one put
 * @property {string} detectorRegion    where Rekognition is asked; by default the region of the source
 * @property {number} detectTimeoutMs   for one look at a picture
 * @property {number} instanceMaxBytes  linear memory beyond which the wasm instance is replaced when idle
 * @typedef {{aws: AwsConfig, deckle: string}} Config   `deckle` is the JSON text for the wasm
 */

/** The custom header that CloudFront adds for the origin; a viewer cannot set it. */
export const CONFIG_HEADER = 'x-deckle-config';

const DEFAULTS = Object.freeze({
  canList: false,
  originals: false,
  connectTimeoutMs: 2_000,
  loadTimeoutMs: 10_000,
  storeTimeoutMs: 3_000,
  detectTimeoutMs: 8_000,
  instanceMaxBytes: 96 * 1024 * 1024,
});

/** The environment variable of a function that may have one. */
export const CONFIG_VARIABLE = 'DECKLE';

/** `deckle.json` in the package, or in the project when run from there; without one, the defaults. */
export function readConfigFile() {
  const packaged = new URL('./deckle.json', import.meta.url);
  const project = new URL('../../deckle.json', import.meta.url);
  const file = [packaged, project].find((url) => existsSync(url));
  return file ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/**
 * @param {object} file    the parsed `deckle.json`
 * @param {string} [text]  JSON of the same shape, from the header or the environment: its members replace the file's, those of its
 *   sections each for itself
 * @param {Bucket} [origin]  the bucket that CloudFront asked, used where nothing else is said
 * @returns {Config}
 */
export function resolveConfig(file, text, origin) {
  const { aws: given = {}, ...deckle } = text ? overridden(file, parse(text)) : file;
  const aws = { ...DEFAULTS, ...given };
  aws.derived = bucket('aws.derived', aws.derived ?? origin);
  aws.source = bucket('aws.source', aws.source ?? aws.derived);
  aws.detectorRegion ??= aws.source.region;
  if (typeof aws.detectorRegion !== 'string' || aws.detectorRegion === '') throw invalid('aws.detectorRegion is not the name of a region');
  const named = Object.entries(aws.buckets ?? {}).map(([name, value]) => [name, bucket(`aws.buckets.${name}`, { region: aws.source.region, ...value })]);
  aws.buckets = Object.fromEntries(named);
  aws.origins = httpOrigins(aws.origins);
  for (const name of ['connectTimeoutMs', 'loadTimeoutMs', 'storeTimeoutMs', 'detectTimeoutMs', 'instanceMaxBytes']) {
    if (!(Number.isFinite(aws[name]) && aws[name] > 0)) throw invalid(`aws.${name} is ${aws[name]}; expected a number above 0`);
  }
  return { aws, deckle: JSON.stringify(deckle) };
}

function parse(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid(`${CONFIG_HEADER} or ${CONFIG_VARIABLE}: ${error.message}`);
  }
  return isSection(value) ? value : {};
}

function overridden(file, given) {
  const merged = Object.entries(given).map(([name, value]) => [name, isSection(file[name]) && isSection(value) ? { ...file[name], ...value } : value]);
  return { ...file, ...Object.fromEntries(merged) };
}

function isSection(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** Has the code that the wasm's errors about `deckle.json` have. */
function invalid(message) {
  return Object.assign(new Error(message), { code: 'invalid_configuration' });
}

/** @returns {Bucket} with a prefix that is empty or ends in `/` */
function bucket(name, value) {
  if (!value?.bucket || !value?.region) throw invalid(`${name} needs bucket and region`);
  const prefix = (value.prefix ?? '').replace(/^\/+|\/+$/g, '');
  return { bucket: value.bucket, region: value.region, prefix: prefix && `${prefix}/` };
}

/**
 * The bucket behind an S3 origin of a CloudFront event.
 * @param {{domainName: string, path?: string, region?: string}} [s3]
 * @returns {Bucket | undefined}
 */
export function originBucket(s3) {
  const match = /^(.+?)\.s3[.-](?:dualstack\.)?(?:([a-z0-9-]+)\.)?amazonaws\.com(?:\.cn)?$/.exec(s3?.domainName ?? '');
  const region = s3?.region || match?.[2];
  return match && region ? bucket('origin', { bucket: match[1], region, prefix: s3.path }) : undefined;
}
