// The distribution that a template makes, on one machine: its behaviour, origins, group, policies and rights, over a real S3 server.

import { functionUrl } from '../lambda/src/function-url.mjs';
import { originResponse } from '../lambda/src/origin-response.mjs';
import { s3Store } from '../lambda/src/s3-store.mjs';
import { CloudFront } from '../local/cloudfront.mjs';
import { EdgeCache } from '../local/edge-cache.mjs';
import { s3Face } from '../local/s3-face.mjs';
import { viewerRequestFunction } from '../local/viewer-request.mjs';

/**
 * @param {ReturnType<import('./template.mjs').resolveTemplate>} stack
 * @param {object} world
 * @param {object} world.s3        `endpoint` and `credentials` of a server with the buckets
 * @param {string} world.lambdaEndpoint  the same server as the function's role sees it; see `roleRule`
 * @param {string[]} [world.readable]  existing buckets whose policy lets the distribution read them
 * @param {object} [world.kvs]
 * @returns {CloudFront}
 */
export function simulate(stack, { s3, lambdaEndpoint, readable = [], kvs = {}, onVisit }) {
  const { DistributionConfig: config } = stack.resources.Distribution.Properties;
  const behaviour = config.DefaultCacheBehavior;
  const options = { endpoint: lambdaEndpoint, credentials: s3.credentials, forcePathStyle: true };
  const makeStore = (aws, more) => s3Store(aws, { ...more, options });
  const origins = Object.fromEntries(config.Origins.map((origin) => [origin.Id, origin.S3OriginConfig ? s3Origin(stack, origin, s3, readable) : urlOrigin(stack, makeStore)]));
  const groups = (config.OriginGroups?.Items ?? []).map(({ Id, FailoverCriteria, Members }) => [Id, {
    members: Members.Items.map(({ OriginId }) => OriginId), statuses: FailoverCriteria.StatusCodes.Items,
  }]);
  const policy = stack.resources.ImageHeaders.Properties.ResponseHeadersPolicyConfig;
  return new CloudFront({
    viewerRequest: viewerRequestFunction(stack.resources.ViewerRequest.Properties.FunctionCode, { kvs }),
    originResponse: behaviour.LambdaFunctionAssociations ? originResponse({ file: {}, makeStore }) : undefined,
    origins,
    groups: Object.fromEntries(groups),
    defaultOrigin: behaviour.TargetOriginId,
    responseHeaders: headers(policy),
    cache: new EdgeCache({ errorMinTtl: Object.fromEntries(config.CustomErrorResponses.map(({ ErrorCode, ErrorCachingMinTTL }) => [ErrorCode, ErrorCachingMinTTL])) }),
    onVisit,
  });
}

function s3Origin(stack, { DomainName, OriginPath = '', OriginCustomHeaders = [] }, s3, readable) {
  const [, bucket, region] = /^(.+)\.s3\.(.+)\.amazonaws\.com$/.exec(DomainName);
  const store = s3Store(
    { source: { bucket, region, prefix: OriginPath && `${OriginPath.slice(1)}/` }, loadTimeoutMs: 10_000, connectTimeoutMs: 2_000, buckets: {} },
    { options: { endpoint: s3.endpoint, credentials: s3.credentials, forcePathStyle: true } },
  );
  const statements = Object.values(stack.resources)
    .filter(({ Type, Properties }) => Type === 'AWS::S3::BucketPolicy' && Properties.Bucket === bucket)
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
  const isReadable = readable.includes(bucket) || statements.some(({ Effect, Action, Principal }) => Effect === 'Allow' && Action === 's3:GetObject' && Principal.Service === 'cloudfront.amazonaws.com');
  return {
    // who may not list is told 403 of what is not there
    fetch: s3Face((key) => (isReadable ? store.get('source', key) : 'missing'), { missingStatus: 403 }),
    domainName: DomainName,
    region,
    path: OriginPath,
    customHeaders: Object.fromEntries(OriginCustomHeaders.map(({ HeaderName, HeaderValue }) => [HeaderName, HeaderValue])),
  };
}

/** The function behind its URL, as CloudFront asks it: the path as it is in the request, no query. */
function urlOrigin(stack, makeStore) {
  const handlers = functionUrl({ file: {}, text: stack.resources.Transform.Properties.Environment.Variables.DECKLE, makeStore });
  return {
    domainName: 'function.lambda-url.us-east-1.on.aws',
    async fetch({ method, uri }) {
      const answer = await handlers.buffered({ version: '2.0', rawPath: uri, rawQueryString: '', headers: {}, requestContext: { http: { method, path: uri } } });
      return { status: answer.statusCode, statusDescription: '', headers: Object.entries(answer.headers), body: Buffer.from(answer.body, 'base64') };
    },
  };
}

function headers({ CorsConfig, SecurityHeadersConfig: security, CustomHeadersConfig, RemoveHeadersConfig }) {
  const cors = CorsConfig ? [{ name: 'access-control-allow-origin', value: CorsConfig.AccessControlAllowOrigins.Items[0], override: CorsConfig.OriginOverride }] : [];
  return {
    set: [
      ...cors,
      { name: 'x-content-type-options', value: 'nosniff', override: security.ContentTypeOptions.Override },
      { name: 'content-security-policy', value: security.ContentSecurityPolicy.ContentSecurityPolicy, override: security.ContentSecurityPolicy.Override },
      ...CustomHeadersConfig.Items.map(({ Header, Value, Override }) => ({ name: Header, value: Value, override: Override })),
    ],
    remove: RemoveHeadersConfig.Items.map(({ Header }) => Header),
  };
}

/**
 * What S3 answers to the function's role: a rule for a server that stands in front of S3 (`tests/hosts/support/fault-proxy.mjs`).
 * @param {ReturnType<import('./template.mjs').resolveTemplate>} stack
 */
export function roleRule(stack) {
  const statements = stack.resources.Role.Properties.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  const may = (action, resource) => {
    const concerns = ({ Action, Resource, NotResource }) => [Action].flat().includes(action) && (Resource ? some(Resource, resource) : !some(NotResource, resource));
    const found = statements.filter(concerns).map(({ Effect }) => Effect);
    return found.includes('Allow') && !found.includes('Deny');
  };
  return ({ method, path }) => {
    const action = { GET: 's3:GetObject', HEAD: 's3:GetObject', PUT: 's3:PutObject', DELETE: 's3:DeleteObject' }[method];
    return may(action, `arn:aws:s3:::${path.slice(1)}`) ? undefined : { status: 403, code: 'AccessDenied' };
  };
}

function some(patterns, resource) {
  const isLike = (pattern) => new RegExp(`^${pattern.split('*').map((text) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`).test(resource);
  return [patterns].flat().some(isLike);
}
