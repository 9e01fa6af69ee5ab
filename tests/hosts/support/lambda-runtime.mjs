// AWS's own Node runtime for Lambda in a process of its own, with the runtime API that the service would give it.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

const TOOLS = process.env.DECKLE_TOOLS ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'deckle-tools');
const RUNTIME = join(TOOLS, 'aws-lambda-ric-4.0.2/index.mjs');

/** Why these tests cannot run; false when they can. */
export const unavailable = !existsSync(RUNTIME) && `AWS's runtime is not there; \`make setup-lambda-runtime\` fetches it`;

/** Between the head of a streamed answer and its body. */
const PRELUDE_END = Buffer.alloc(8);

/**
 * @param {{folder: string, handler: string, env?: Record<string, string>}} options  `handler` as the service is told: `url.handler`
 */
export async function startRuntime({ folder, handler, env = {} }) {
  let deliver;
  const waiting = [];
  const server = createServer(async (request, response) => {
    if (request.url.endsWith('/invocation/next')) {
      const send = (event) => {
        const headers = { 'lambda-runtime-aws-request-id': 'one', 'lambda-runtime-deadline-ms': String(Date.now() + 30_000), 'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:us-east-1:0:function:f' };
        response.writeHead(200, { ...headers, 'content-type': 'application/json' }).end(JSON.stringify(event));
      };
      if (deliver === undefined) deliver = send;
      return;
    }
    const body = await buffer(request).catch(() => Buffer.alloc(0));
    response.writeHead(202).end();
    waiting.shift()?.({ what: request.url.split('/').at(-1), type: request.headers['content-type'], body });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const child = spawn(process.execPath, [RUNTIME], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH, AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${server.address().port}`, LAMBDA_TASK_ROOT: folder, _HANDLER: handler,
      AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1: 'true', AWS_LAMBDA_FUNCTION_NAME: 'f', AWS_LAMBDA_FUNCTION_VERSION: '1', AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1769',
      AWS_LAMBDA_LOG_GROUP_NAME: 'g', AWS_LAMBDA_LOG_STREAM_NAME: 's', AWS_REGION: 'us-east-1', ...env,
    },
  });
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
  return {
    log: () => Buffer.concat(output).toString(),
    /** @returns {Promise<{what: string, type: string, body: Buffer}>} what the service would get */
    async invoke(event) {
      const answered = new Promise((resolve) => waiting.push(resolve));
      const gone = new Promise((_, reject) => child.once('exit', (code) => reject(new Error(`the runtime ended with ${code}: ${Buffer.concat(output)}`))));
      while (deliver === undefined) {
        await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 10))]);
      }
      const send = deliver;
      deliver = undefined;
      send(event);
      return Promise.race([answered, gone]);
    },
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode === null) {
        child.kill();
        await ended;
      }
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A streamed answer taken apart: the head in JSON, eight zeros, the body. Throws where there is no head. */
export function streamedAnswer({ type, body }) {
  const end = body.indexOf(PRELUDE_END);
  if (type !== 'application/vnd.awslambda.http-integration-response' || end < 0) throw new Error(`no head: ${type}, ${body.subarray(0, 100)}`);
  const { statusCode, headers } = JSON.parse(body.subarray(0, end).toString());
  return { status: statusCode, headers, body: body.subarray(end + 8) };
}
