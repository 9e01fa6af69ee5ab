// What CloudFront, Lambda@Edge and IAM refuse, or bill, that cfn-lint lets pass.

const SHIELDS = new Set([
  'us-east-1', 'us-east-2', 'us-west-2', 'ap-south-1', 'ap-northeast-1', 'ap-northeast-2', 'ap-southeast-1', 'ap-southeast-2', 'eu-central-1', 'eu-west-1', 'eu-west-2',
  'sa-east-1', 'me-central-1',
]);
const FAILOVER = new Set([400, 403, 404, 416, 429, 500, 502, 503, 504]);
const MAX_FUNCTION_BYTES = 10_240;
const MAX_HEADER_CHARS = 1_783;
const MAX_NAME_CHARS = 64;

/**
 * @param {ReturnType<import('./template.mjs').resolveTemplate>} stack
 * @returns {string[]} what is wrong, each with the resource's name
 */
export function faults({ resources }) {
  const found = [];
  const say = (id, message) => found.push(`${id}: ${message}`);
  const of = (type) => Object.entries(resources).filter(([, { Type }]) => Type === type).map(([id, { Properties }]) => [id, Properties]);
  const edge = edgeFunctions(resources);

  for (const [id, { DistributionConfig: config }] of of('AWS::CloudFront::Distribution')) distribution(id, config, say);
  for (const reference of edge.references) {
    if (!edge.versions.has(reference)) say(reference, 'CloudFront takes a version of a function, not the function');
  }
  for (const [id, properties] of of('AWS::Lambda::Function')) {
    if (edge.functions.has(`<${id}>`)) edgeFunction(id, properties, resources[id], say);
  }
  for (const [id, { CachePolicyConfig: policy }] of of('AWS::CloudFront::CachePolicy')) cachePolicy(id, policy, say);
  for (const [id, { FunctionCode }] of of('AWS::CloudFront::Function')) {
    const bytes = Buffer.byteLength(FunctionCode);
    if (bytes > MAX_FUNCTION_BYTES) say(id, `the function is ${bytes} bytes; CloudFront takes ${MAX_FUNCTION_BYTES}`);
  }
  for (const [id, { TargetFunctionArn, AuthType }] of of('AWS::Lambda::Url')) url(id, TargetFunctionArn, AuthType, of('AWS::Lambda::Permission').map(([, permission]) => permission), say);
  for (const [id, properties] of of('AWS::S3::Bucket')) bucket(id, properties, of('AWS::S3::BucketPolicy').map(([, policy]) => policy), resources[id], say);
  for (const [id, { Policies = [] }] of of('AWS::IAM::Role')) {
    for (const { PolicyDocument } of Policies) role(id, PolicyDocument, say);
  }
  for (const [id, { Properties }] of Object.entries(resources)) names(id, Properties, say);
  return found;
}

function edgeFunctions(resources) {
  const behaviours = Object.values(resources).filter(({ Type }) => Type === 'AWS::CloudFront::Distribution').flatMap(({ Properties: { DistributionConfig: config } }) => [config.DefaultCacheBehavior, ...(config.CacheBehaviors ?? [])]);
  const references = behaviours.flatMap(({ LambdaFunctionAssociations = [] }) => LambdaFunctionAssociations.map(({ LambdaFunctionARN }) => LambdaFunctionARN));
  const versions = Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::Lambda::Version');
  return {
    references,
    versions: new Set(versions.map(([id]) => `<${id}>`)),
    functions: new Set(versions.map(([, { Properties }]) => Properties.FunctionName)),
  };
}

function distribution(id, config, say) {
  const origins = new Set(config.Origins.map(({ Id }) => Id));
  const groups = config.OriginGroups?.Items ?? [];
  for (const { Id, FailoverCriteria, Members } of groups) {
    for (const { OriginId } of Members.Items) if (!origins.has(OriginId)) say(id, `the group ${Id} has the origin ${OriginId}, which is not there`);
    for (const code of FailoverCriteria.StatusCodes.Items) if (!FAILOVER.has(code)) say(id, `${code} is no status that an origin group fails over for`);
    origins.add(Id);
  }
  for (const behaviour of [config.DefaultCacheBehavior, ...(config.CacheBehaviors ?? [])]) {
    if (!origins.has(behaviour.TargetOriginId)) say(id, `${behaviour.TargetOriginId} is no origin`);
    if (groups.some(({ Id }) => Id === behaviour.TargetOriginId) && behaviour.AllowedMethods?.some((method) => !['GET', 'HEAD', 'OPTIONS'].includes(method))) say(id, 'an origin group takes GET, HEAD and OPTIONS only');
    if (!['redirect-to-https', 'https-only'].includes(behaviour.ViewerProtocolPolicy)) say(id, 'viewers have to use TLS');
  }
  for (const { Id, CustomOriginConfig, OriginShield, OriginCustomHeaders = [], ConnectionTimeout = 10, ConnectionAttempts = 3, S3OriginConfig, OriginAccessControlId } of config.Origins) {
    const { OriginReadTimeout = 30 } = CustomOriginConfig ?? {};
    if (OriginReadTimeout < 1 || OriginReadTimeout > 60) say(id, `${Id}: OriginReadTimeout is ${OriginReadTimeout}; from 1 to 60 without asking AWS`);
    if (ConnectionTimeout < 1 || ConnectionTimeout > 10 || ConnectionAttempts < 1 || ConnectionAttempts > 3) say(id, `${Id}: 1 to 3 attempts of 1 to 10 s`);
    if (OriginShield?.Enabled && !SHIELDS.has(OriginShield.OriginShieldRegion)) say(id, `${Id}: there is no origin shield in ${OriginShield.OriginShieldRegion}`);
    if (S3OriginConfig && !OriginAccessControlId) say(id, `${Id}: the bucket would have to be public`);
    for (const { HeaderName, HeaderValue } of OriginCustomHeaders) {
      if (HeaderName.length + HeaderValue.length > MAX_HEADER_CHARS) say(id, `${Id}: ${HeaderName} is longer than ${MAX_HEADER_CHARS}`);
    }
  }
  for (const code of [500, 502, 503, 504]) {
    if (!config.CustomErrorResponses?.some(({ ErrorCode, ErrorCachingMinTTL }) => ErrorCode === code && ErrorCachingMinTTL === 0)) say(id, `${code} would be kept for 10 s`);
  }
}

function edgeFunction(id, { Architectures = ['x86_64'], Environment, Timeout = 3, VpcConfig, Layers }, { DeletionPolicy }, say) {
  if (Architectures.some((name) => name !== 'x86_64')) say(id, 'Lambda@Edge has x86_64 only');
  if (Environment) say(id, 'Lambda@Edge has no environment variables');
  if (Timeout > 30) say(id, 'Lambda@Edge has 30 s');
  if (VpcConfig || Layers) say(id, 'Lambda@Edge has neither a VPC nor layers');
  if (DeletionPolicy !== 'Retain') say(id, 'replicas outlive the stack, so that it cannot be deleted: Retain');
}

function cachePolicy(id, { MinTTL, DefaultTTL, MaxTTL, ParametersInCacheKeyAndForwardedToOrigin: key }, say) {
  if (MinTTL > MaxTTL || DefaultTTL > MaxTTL || MinTTL > DefaultTTL) say(id, 'MinTTL ≤ DefaultTTL ≤ MaxTTL');
  if (MinTTL !== 0) say(id, 'a redirect that says no-store would be kept');
  if (key.EnableAcceptEncodingBrotli && !key.EnableAcceptEncodingGzip) say(id, 'Brotli needs Gzip');
  const isNone = key.CookiesConfig.CookieBehavior === 'none' && key.HeadersConfig.HeaderBehavior === 'none' && key.QueryStringsConfig.QueryStringBehavior === 'none';
  if (!isNone) say(id, 'the path alone is the key');
}

function url(id, target, authType, permissions, say) {
  if (authType !== 'AWS_IAM') say(id, 'anybody could ask the function');
  const name = target.replace(/\.Arn>$/, '>');
  const has = (action, more = () => true) => permissions.some((permission) => permission.FunctionName === name && permission.Action === action && permission.SourceArn && more(permission));
  if (!has('lambda:InvokeFunctionUrl')) say(id, 'CloudFront may not ask it: lambda:InvokeFunctionUrl');
  if (!has('lambda:InvokeFunction', ({ InvokedViaFunctionUrl }) => InvokedViaFunctionUrl === true)) say(id, 'CloudFront may not ask it: lambda:InvokeFunction with InvokedViaFunctionUrl');
}

function bucket(id, { PublicAccessBlockConfiguration: block = {} }, policies, { DeletionPolicy }, say) {
  if (!['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'].every((name) => block[name] === true)) say(id, 'may become public');
  const statements = policies.filter(({ Bucket }) => Bucket === `<${id}>`).flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  if (!statements.some(({ Effect, Condition }) => Effect === 'Deny' && Condition?.Bool?.['aws:SecureTransport'] === 'false')) say(id, 'answers without TLS');
  if (statements.some(({ Effect, Principal, Condition }) => Effect === 'Allow' && (Principal === '*' || !Condition?.StringEquals?.['AWS:SourceArn']))) say(id, 'more may read it than the distribution');
  if (DeletionPolicy !== 'Retain') say(id, 'a stack with objects in it could not be deleted: Retain');
}

function role(id, { Statement }, say) {
  for (const { Effect, Action, Resource } of Statement.filter(({ Effect: effect }) => effect === 'Allow')) {
    if ([Action].flat().some((action) => action.includes('*'))) say(id, `${Effect} ${Action}`);
    // detection knows no resources
    if ([Resource].flat().includes('*') && ![Action].flat().every((action) => action.startsWith('rekognition:Detect'))) say(id, `${Action} on everything`);
  }
}

/** Names are of the account, and would meet those of another stack. */
function names(id, properties, say) {
  const found = JSON.stringify(properties).matchAll(/"(?:Name|FunctionName|LogGroupName|QueueName|DashboardName)":"([^"<]+)"/g);
  for (const [, name] of found) {
    if (['DistributionId', 'Region', 'FunctionName', 'QueueName', 'Stack'].includes(name)) continue;
    if (!/^(?:\/aws\/lambda\/)?deckle-/.test(name)) say(id, `${name} does not begin with the stack's name`);
    if (name.length > MAX_NAME_CHARS) say(id, `${name} is longer than ${MAX_NAME_CHARS}`);
  }
}
