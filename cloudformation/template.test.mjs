// The template as it is deployed: what AWS would refuse, and that each mistake is found.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { buildAll } from '../cf-function/build.mjs';
import { responseHeadersPolicy } from '../local/response-headers.mjs';
import { packaged } from './package.mjs';
import { faults } from './rules.mjs';
import { parseTemplate, resolveTemplate } from './template.mjs';

const run = promisify(execFile);
const TEXT = readFileSync(new URL('deckle.yaml', import.meta.url), 'utf8');
const CONFIG = { presets: { card: 'width=600&height=315&fit=cover' }, cloudfront: { signing: { keys: { first: 'a secret of the first key' } } } };
const { template: DEPLOYED, packageName } = packaged(TEXT, CONFIG, Buffer.from('a package'));
const TEMPLATE = parseTemplate(DEPLOYED);
const TOOLS = process.env.DECKLE_TOOLS ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'deckle-tools');
const LINT = join(TOOLS, 'aws-python/bin/cfn-lint');

/** Every choice that changes what the stack consists of. */
const CHOICES = [];
for (const TransformAt of ['region', 'edge']) {
  for (const more of [
    {},
    { SourceBuckets: 'photos,more-photos', SourceRegion: 'eu-west-3', SourcePrefix: 'public/images', OriginalsFromBucket: 'Yes' },
    { OneBucket: 'Yes' },
    { PurgeOnChange: 'No' },
    { OneBucket: 'Yes', SourceBuckets: 'photos', OriginalsFromBucket: 'Yes', CorsEnabled: 'No' },
    { Signature: 'Yes', AutoFormat: 'No', DeployDemoUI: 'Yes', AccessLogs: 'No', FallbackKey: 'none.png', Detector: 'rekognition' },
    { ExistingDistributionId: 'E1234567890ABC', PermissionsBoundary: 'arn:aws:iam::123456789012:policy/bound' },
    { DomainName: 'img.example.com', CertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/x', OriginShieldRegion: 'eu-west-1', AlarmTopicArn: 'arn:aws:sns:us-east-1:123456789012:t' },
    { SourceKmsKeyArn: 'arn:aws:kms:eu-west-3:123456789012:key/x', SourceBuckets: 'photos' },
  ]) CHOICES.push({ TransformAt, ...more });
}

const property = (stack, id) => stack.resources[id].Properties;
const config = (stack) => property(stack, 'Distribution').DistributionConfig;
const defaultStack = (given) => resolveTemplate(structuredClone(TEMPLATE), given);

describe('the template', () => {
  for (const given of CHOICES) {
    it(`has no fault with ${JSON.stringify(given)}`, () => {
      const stack = defaultStack(given);
      assert.deepEqual(faults(stack), []);
      assert.deepEqual(stack.broken, []);
    });
  }

  it('has nothing for cfn-lint to find', { skip: !existsSync(LINT) && '`make setup-aws-python` fetches cfn-lint' }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'deckle-lint-'));
    const file = join(folder, 'deckle.yaml');
    writeFileSync(file, DEPLOYED);
    const { stdout } = await run(LINT, [file]).catch((error) => error);
    rmSync(folder, { recursive: true });
    assert.equal(stdout, '');
  });

  it('says which parameters do not go together', () => {
    const broken = (given, place) => resolveTemplate(structuredClone(TEMPLATE), given, place).broken;
    assert.deepEqual(broken({ TransformAt: 'edge' }, { region: 'eu-west-1' }), ['EdgeInVirginia']);
    assert.deepEqual(broken({ DomainName: 'img.example.com' }), ['NameNeedsCertificate']);
    assert.deepEqual(broken({ SourceRegion: 'eu-west-1' }), ['CreatedBucketIsHere', ]);
    assert.deepEqual(broken({ SourceBuckets: 'photos', SourceRegion: 'eu-west-1', OneBucket: 'Yes' }), ['OneBucketIsHere']);
  });

  it('holds the function that is tested, and no key', () => {
    const code = (given) => property(defaultStack(given), 'ViewerRequest').FunctionCode;
    assert.equal(code({}), buildAll({ presets: CONFIG.presets, format: 'auto' }).source);
    assert.equal(code({ AutoFormat: 'No' }), buildAll({ presets: CONFIG.presets }).source);
    assert.equal(
      code({ Signature: 'Yes', OriginalsFromBucket: 'Yes' }),
      buildAll({ presets: CONFIG.presets, format: 'auto', cloudfront: { sourceOriginId: 'source', signing: {} } }).source,
    );
    assert.ok(!DEPLOYED.includes('of the first key'));
  });

  it('adds and removes the headers that the local CloudFront does', () => {
    for (const [given, cors] of [[{}, '*'], [{ CorsOrigin: 'https://a.example' }, 'https://a.example'], [{ CorsEnabled: 'No' }, false]]) {
      const { CorsConfig, SecurityHeadersConfig: security, CustomHeadersConfig, RemoveHeadersConfig } = property(defaultStack(given), 'ImageHeaders').ResponseHeadersPolicyConfig;
      const set = [
        ...(CorsConfig ? [{ name: 'access-control-allow-origin', value: CorsConfig.AccessControlAllowOrigins.Items[0], override: CorsConfig.OriginOverride }] : []),
        { name: 'x-content-type-options', value: 'nosniff', override: security.ContentTypeOptions.Override },
        { name: 'content-security-policy', value: security.ContentSecurityPolicy.ContentSecurityPolicy, override: security.ContentSecurityPolicy.Override },
        ...CustomHeadersConfig.Items.map(({ Header, Value, Override }) => ({ name: Header, value: Value, override: Override })),
      ];
      const sorted = (list) => [...list].sort((a, b) => (a.name < b.name ? -1 : 1));
      const policy = responseHeadersPolicy({ cors });
      assert.deepEqual(sorted(set), sorted(policy.set));
      assert.deepEqual(RemoveHeadersConfig.Items.map(({ Header }) => Header).sort(), [...policy.remove].sort());
    }
  });

  it('tells the function its buckets: by its environment, at the edge by the origin\'s header', () => {
    const inRegion = defaultStack({ SourceBuckets: 'photos', SourceRegion: 'eu-west-3', SourcePrefix: 'in', CorsEnabled: 'No' });
    const told = JSON.parse(property(inRegion, 'Transform').Environment.Variables.DECKLE);
    assert.deepEqual(told.aws.source, { bucket: 'photos', region: 'eu-west-3', prefix: 'in' });
    assert.deepEqual([told.aws.derived, told.cors, told.aws.canList], [{ bucket: '<DerivedBucket>', region: 'us-east-1' }, false, true]);
    const atEdge = defaultStack({ TransformAt: 'edge', OneBucket: 'Yes', OriginalsFromBucket: 'Yes', FallbackKey: 'none.png' });
    for (const { OriginCustomHeaders: [{ HeaderName, HeaderValue }] } of config(atEdge).Origins) {
      const header = JSON.parse(HeaderValue);
      assert.deepEqual([HeaderName, header.aws.source.bucket, header.aws.derived.bucket, header.aws.originals], ['x-deckle-config', '<SourceBucket>', '<SourceBucket>', true]);
      assert.deepEqual(header.sih, { fallback: { key: 'none.png' } });
    }
  });

  it('lets the role read the buckets that were named, in their folder, and write one', () => {
    const statements = property(defaultStack({ SourceBuckets: 'photos,more', SourcePrefix: 'in' }), 'Role').Policies[0].PolicyDocument.Statement;
    const by = (sid) => statements.find(({ Sid }) => Sid === sid);
    assert.deepEqual(by('ReadOriginals').Resource, ['arn:aws:s3:::photos/*', 'arn:aws:s3:::more/*']);
    assert.deepEqual(by('TellMissingFromForbidden').Resource, ['arn:aws:s3:::photos', 'arn:aws:s3:::more']);
    assert.deepEqual(by('NothingBesideTheFolder').NotResource, ['arn:aws:s3:::*/in/*', '<DerivedBucket.Arn>/*']);
    assert.deepEqual(by('KeepImages').Resource, '<DerivedBucket.Arn>/*');
    assert.ok(statements.every(({ Action }) => [Action].flat().every((action) => !action.startsWith('s3:Delete'))));
  });

  it('asks a detector only where it was told to, with the right to', () => {
    for (const [given, sih] of [[{}, undefined], [{ Detector: 'rekognition' }, { detector: 'rekognition' }], [{ Detector: 'rekognition', FallbackKey: 'a' }, { fallback: { key: 'a' }, detector: 'rekognition' }]]) {
      const stack = defaultStack(given);
      assert.deepEqual(JSON.parse(property(stack, 'Transform').Environment.Variables.DECKLE).sih, sih);
      assert.equal(property(stack, 'Role').Policies[0].PolicyDocument.Statement.some(({ Sid }) => Sid === 'Detect'), sih !== undefined);
    }
  });

  it('follows changes of the buckets that were named, and lets that function delete images and nothing else', () => {
    const stack = defaultStack({ SourceBuckets: 'photos,more', TransformAt: 'edge' });
    const { EventPattern, Targets } = property(stack, 'ChangesRule');
    assert.deepEqual(EventPattern.detail.bucket.name, ['photos', 'more']);
    assert.equal(Targets[0].Arn, property(stack, 'PurgeSource').EventSourceArn);
    const { Timeout, Handler, Environment } = property(stack, 'Purge');
    assert.equal(Handler, 'purge.handler');
    assert.ok(property(stack, 'Changes').VisibilityTimeout >= 6 * Timeout);
    assert.equal(Environment.Variables.DISTRIBUTION, '<Distribution>');
    assert.equal(JSON.parse(Environment.Variables.DECKLE).aws.derived.bucket, '<DerivedBucket>');
    const statements = property(stack, 'PurgeRole').Policies[0].PolicyDocument.Statement;
    const by = (sid) => statements.find(({ Sid }) => Sid === sid);
    assert.deepEqual([by('DeleteImages').Resource, by('ReadIndex').Resource], ['<DerivedBucket.Arn>/*', '<DerivedBucket.Arn>/_i/*']);
    assert.equal(by('Forget').Resource, 'arn:aws:cloudfront::123456789012:distribution/<Distribution>');
    assert.deepEqual(statements.filter(({ Action }) => [Action].flat().includes('s3:PutObject')), []);
    const created = defaultStack({});
    assert.deepEqual(property(created, 'ChangesRule').EventPattern.detail.bucket.name, ['<SourceBucket>']);
    assert.deepEqual(property(created, 'SourceBucket').NotificationConfiguration, { EventBridgeConfiguration: { EventBridgeEnabled: true } });
    const without = defaultStack({ PurgeOnChange: 'No' });
    assert.ok(!without.resources.Purge && !property(without, 'SourceBucket').NotificationConfiguration);
  });

  it('does not let CloudFront read the index', () => {
    const { Statement } = property(defaultStack({}), 'DerivedBucketPolicy').PolicyDocument;
    assert.ok(Statement.some(({ Effect, Principal, Resource }) => Effect === 'Deny' && Principal.Service === 'cloudfront.amazonaws.com' && Resource === '<DerivedBucket.Arn>/_i/*'));
  });

  it('lets the edge function log in every region', () => {
    const [{ Action, Resource }] = property(defaultStack({ TransformAt: 'edge' }), 'Role').Policies[0].PolicyDocument.Statement.filter(({ Sid }) => Sid === 'LogWhereItRuns');
    assert.deepEqual([Action.length, Resource], [3, 'arn:aws:logs:*:123456789012:log-group:/aws/lambda/us-east-1.deckle-edge*']);
  });

  it('bounds those logs in every region, once a day', () => {
    const stack = defaultStack({ TransformAt: 'edge', LogRetentionPeriod: '7' });
    assert.deepEqual(property(stack, 'Retention').Environment.Variables, { GROUP: '/aws/lambda/us-east-1.deckle-edge', DAYS: '7' });
    assert.deepEqual([property(stack, 'RetentionRule').Targets[0].Arn, property(stack, 'RetentionPermission').Principal], ['<Retention.Arn>', 'events.amazonaws.com']);
    assert.ok(!defaultStack({}).resources.Retention);
  });
});

describe('a new package', () => {
  it('is another version of the edge function, and nothing else that is replaced', () => {
    const other = parseTemplate(packaged(TEXT, CONFIG, Buffer.from('another package')).template);
    const stacks = [TEMPLATE, other].map((template) => resolveTemplate(template, { TransformAt: 'edge' }).resources);
    const [before, after] = stacks.map((resources) => Object.keys(resources).filter((id) => !id.startsWith('EdgeVersion')));
    assert.deepEqual(after, before);
    const versions = stacks.map((resources) => Object.keys(resources).find((id) => id.startsWith('EdgeVersion')));
    assert.notEqual(versions[0], versions[1]);
    assert.match(packageName, /^deckle-[0-9a-f]{12}\.zip$/);
    const changed = before.filter((id) => JSON.stringify(stacks[0][id]) !== JSON.stringify(stacks[1][id]));
    assert.deepEqual(changed, ['Edge', 'Distribution', 'Purge', 'Retention']);
  });

  it('is the same for the same input', () => assert.equal(packaged(TEXT, CONFIG, Buffer.from('a package')).template, DEPLOYED));
});

describe('a mistake is found:', () => {
  const mutants = {
    'arm64 at the edge': ['edge', (stack) => { property(stack, 'Edge').Architectures = ['arm64']; }],
    'environment variables at the edge': ['edge', (stack) => { property(stack, 'Edge').Environment = { Variables: {} }; }],
    'a function in place of its version': ['edge', (stack) => { config(stack).DefaultCacheBehavior.LambdaFunctionAssociations[0].LambdaFunctionARN = '<Edge.Arn>'; }],
    'more than 30 s at the edge': ['edge', (stack) => { property(stack, 'Edge').Timeout = 60; }],
    'an edge function that is deleted with the stack': ['edge', (stack) => { delete stack.resources.Edge.DeletionPolicy; }],
    'a custom header that is too long': ['edge', (stack) => { config(stack).Origins[0].OriginCustomHeaders[0].HeaderValue = 'x'.repeat(1_800); }],
    'an unknown origin in a group': ['region', (stack) => { config(stack).OriginGroups.Items[0].Members.Items[1].OriginId = 'other'; }],
    'an unknown target': ['region', (stack) => { config(stack).DefaultCacheBehavior.TargetOriginId = 'other'; }],
    'failing over for 422': ['region', (stack) => { config(stack).OriginGroups.Items[0].FailoverCriteria.StatusCodes.Items.push(422); }],
    'a read timeout of 300 s': ['region', (stack) => { config(stack).Origins.at(-1).CustomOriginConfig.OriginReadTimeout = 300; }],
    'MinTTL above MaxTTL': ['region', (stack) => { property(stack, 'PathOnly').CachePolicyConfig.MaxTTL = -1; }],
    'a minimum TTL': ['region', (stack) => { property(stack, 'PathOnly').CachePolicyConfig.MinTTL = 60; }],
    'Brotli without Gzip': ['region', (stack) => { property(stack, 'PathOnly').CachePolicyConfig.ParametersInCacheKeyAndForwardedToOrigin.EnableAcceptEncodingBrotli = true; }],
    'a header in the cache key': ['region', (stack) => { property(stack, 'PathOnly').CachePolicyConfig.ParametersInCacheKeyAndForwardedToOrigin.HeadersConfig.HeaderBehavior = 'whitelist'; }],
    'an origin shield that is not there': ['region', (stack) => { config(stack).Origins[0].OriginShield = { Enabled: true, OriginShieldRegion: 'eu-north-7' }; }],
    'one of two permissions': ['region', (stack) => { delete stack.resources.TransformInvokePermission; }],
    'the other of two permissions': ['region', (stack) => { delete stack.resources.TransformUrlPermission; }],
    'a function URL for anybody': ['region', (stack) => { property(stack, 'TransformUrl').AuthType = 'NONE'; }],
    'a CloudFront Function that is too large': ['region', (stack) => { property(stack, 'ViewerRequest').FunctionCode = 'x'.repeat(10_241); }],
    'failures that are kept': ['region', (stack) => { config(stack).CustomErrorResponses = config(stack).CustomErrorResponses.filter(({ ErrorCode }) => ErrorCode !== 502); }],
    'a bucket that may become public': ['region', (stack) => { property(stack, 'DerivedBucket').PublicAccessBlockConfiguration.BlockPublicPolicy = false; }],
    'a bucket that answers without TLS': ['region', (stack) => { property(stack, 'DerivedBucketPolicy').PolicyDocument.Statement.pop(); }],
    'a bucket that every distribution may read': ['region', (stack) => { delete property(stack, 'DerivedBucketPolicy').PolicyDocument.Statement[0].Condition; }],
    'an origin without access control': ['region', (stack) => { delete config(stack).Origins[0].OriginAccessControlId; }],
    'an action with a star': ['region', (stack) => { property(stack, 'Role').Policies[0].PolicyDocument.Statement[0].Action = 's3:*'; }],
    'a right to everything': ['region', (stack) => { property(stack, 'Role').Policies[0].PolicyDocument.Statement[0].Resource = '*'; }],
    'a name that another stack would have, too': ['region', (stack) => { property(stack, 'PathOnly').CachePolicyConfig.Name = 'path-only'; }],
  };
  for (const [what, [TransformAt, spoil]] of Object.entries(mutants)) {
    it(what, () => {
      const stack = defaultStack({ TransformAt });
      spoil(stack);
      assert.ok(faults(stack).length > 0);
    });
  }
});
