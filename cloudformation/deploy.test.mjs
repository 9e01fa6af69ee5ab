// The scripts that deploy, run by AWS's own command line against moto, which makes buckets, the role, logs and functions of a stack, and
// passes over CloudFront. Moto cannot update a function: what an update changes is told by template.test.mjs.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { setRetention } from '../lambda/src/retention.mjs';
import { freePort } from '../tests/hosts/support/s3-server.mjs';

const run = promisify(execFile);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const TOOLS = process.env.DECKLE_TOOLS ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'deckle-tools');
const BIN = join(TOOLS, 'aws-python/bin');
const skip = !existsSync(join(BIN, 'moto_server')) && '`make setup-aws-python` fetches moto and the AWS command line';

describe('the deploy scripts', { skip }, () => {
  let moto;
  let env;
  before(async () => {
    await run(process.execPath, [here('../lambda/build.mjs')]);
    await run(process.execPath, [here('package.mjs')]);
    const port = await freePort();
    moto = spawn(join(BIN, 'moto_server'), ['-p', String(port)], { stdio: 'ignore' });
    // moto reads the address of a template only from this name
    const endpoint = `http://localhost:${port}`;
    env = {
      PATH: `${BIN}:${process.env.PATH}`, HOME: '/nonexistent', AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_DEFAULT_REGION: 'us-east-1', AWS_REGION: 'us-east-1',
    };
    for (let attempt = 0; attempt < 150 && !(await fetch(endpoint).then(() => true, () => false)); attempt += 1) await sleep(100);
  });
  after(() => moto?.kill());
  const aws = async (...args) => JSON.parse((await run(join(BIN, 'aws'), [...args, '--output', 'json'], { env })).stdout);

  it('make the function in the region from the package, with its buckets, and take it down again', async () => {
    const { stdout } = await run(here('deploy'), ['photos'], { env });
    assert.match(stdout, /Successfully created/);
    const { Configuration: made } = await aws('lambda', 'get-function', '--function-name', 'photos-transform');
    assert.deepEqual([made.Runtime, made.Handler, made.MemorySize, made.Timeout], ['nodejs24.x', 'url.handler', 1769, 60]);
    const told = JSON.parse(made.Environment.Variables.DECKLE);
    const { StackResourceSummaries: resources } = await aws('cloudformation', 'list-stack-resources', '--stack-name', 'photos');
    const physical = (id) => resources.find(({ LogicalResourceId }) => LogicalResourceId === id)?.PhysicalResourceId;
    assert.deepEqual([told.aws.source.bucket, told.aws.derived.bucket, told.aws.stack], [physical('SourceBucket'), physical('DerivedBucket'), 'photos']);
    const { logGroups: [{ retentionInDays }] } = await aws('logs', 'describe-log-groups');
    assert.equal(retentionInDays, 30);

    const { Configuration: purge } = await aws('lambda', 'get-function', '--function-name', 'photos-purge');
    assert.deepEqual([purge.Handler, purge.Timeout, JSON.parse(purge.Environment.Variables.DECKLE).aws.derived.bucket], ['purge.handler', 180, physical('DerivedBucket')]);
    const { EventSourceMappings: [mapping] } = await aws('lambda', 'list-event-source-mappings', '--function-name', 'photos-purge');
    assert.match(mapping.EventSourceArn, /:photos-changes$/);

    const { stdout: said } = await run(here('undeploy'), ['photos'], { env });
    for (const id of ['SourceBucket', 'DerivedBucket', 'LogsBucket']) assert.ok(said.includes(physical(id)), said);
    await assert.rejects(aws('lambda', 'get-function', '--function-name', 'photos-transform'));
  });

  it('make the edge function and its version for existing buckets', async () => {
    await run(here('deploy'), ['edgy', 'TransformAt=edge', 'SourceBuckets=photos,more-photos', 'SourceRegion=eu-west-3'], { env });
    const { Configuration: made } = await aws('lambda', 'get-function', '--function-name', 'edgy-edge');
    assert.deepEqual([made.Handler, made.Environment], ['edge.handler', undefined]);
    const { StackResourceSummaries: resources } = await aws('cloudformation', 'list-stack-resources', '--stack-name', 'edgy');
    assert.ok(resources.some(({ ResourceType }) => ResourceType === 'AWS::Lambda::Version'));
    assert.ok(!resources.some(({ LogicalResourceId }) => LogicalResourceId === 'SourceBucket'));
    const { PolicyDocument } = await aws('iam', 'get-role-policy', '--role-name', resources.find(({ LogicalResourceId }) => LogicalResourceId === 'Role').PhysicalResourceId, '--policy-name', 'images');
    // moto's text of it is Python's
    const text = JSON.stringify(PolicyDocument);
    for (const arn of ['arn:aws:s3:::photos/*', 'arn:aws:s3:::more-photos/*', 'arn:aws:s3:::more-photos']) assert.ok(text.includes(`'${arn}'`) || text.includes(`"${arn}"`), text);
  });

  it('bound the logs of the edge function wherever it ran', async () => {
    const group = '/aws/lambda/us-east-1.edgy-edge';
    const create = (region, name) => run(join(BIN, 'aws'), ['logs', 'create-log-group', '--region', region, '--log-group-name', name], { env });
    for (const region of ['eu-west-1', 'sa-east-1']) await create(region, group);
    await create('eu-west-1', `${group}-other`);
    const client = { endpoint: env.AWS_ENDPOINT_URL, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };
    assert.deepEqual(await setRetention({ group, days: 7, client }), { set: ['eu-west-1', 'sa-east-1'], failed: [] });
    assert.deepEqual(await setRetention({ group, days: 7, client }), { set: [], failed: [] });
    const { logGroups } = await aws('logs', 'describe-log-groups', '--region', 'eu-west-1');
    const kept = Object.fromEntries(logGroups.map(({ logGroupName, retentionInDays }) => [logGroupName, retentionInDays]));
    assert.deepEqual([kept[group], kept[`${group}-other`]], [7, undefined]);
  });

  it('say what is wrong before anything is made', async () => {
    await assert.rejects(run(here('deploy'), ['x', 'TransformAt=edge'], { env: { ...env, AWS_REGION: 'eu-west-1' } }), /made in us-east-1/);
    await assert.rejects(run(here('deploy'), ['x'], { env: { ...env, AWS_REGION: '', AWS_DEFAULT_REGION: '' } }), /which region/);
  });
});
