// `smartCrop` and `contentModeration` through both handlers of Lambda, a real S3 server, and Amazon Rekognition as an HTTP server that
// answers what Rekognition has answered (the shapes of its documentation).

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { after, before, beforeEach, describe, it } from 'node:test';
import sharp from 'sharp';
import { functionUrl } from '../../lambda/src/function-url.mjs';
import { rekognition } from '../../lambda/src/detector.mjs';
import { originResponse } from '../../lambda/src/origin-response.mjs';
import { noise, picture } from './support/images.mjs';
import { ask, host } from './support/lambda.mjs';
import { SOURCE, startS3 } from './support/s3-server.mjs';

const FACES = {
  FaceDetails: [
    {
      BoundingBox: { Width: 0.1845, Height: 0.3289, Left: 0.4092, Top: 0.1873 },
      Confidence: 99.99842071533203,
      Landmarks: [{ Type: 'eyeLeft', X: 0.4592, Y: 0.3241 }, { Type: 'eyeRight', X: 0.5423, Y: 0.3203 }],
      Pose: { Roll: -1.6337, Yaw: 2.4671, Pitch: 7.4212 },
      Quality: { Brightness: 78.62, Sharpness: 86.87 },
    },
    { BoundingBox: { Width: 0.1, Height: 0.2, Left: 0.95, Top: -0.05 }, Confidence: 98.1 },
  ],
};
const LABELS = {
  ModerationModelVersion: '7.0',
  ModerationLabels: [
    { Confidence: 91.57, Name: 'Alcoholic Beverages', ParentName: 'Alcohol', TaxonomyLevel: 2 },
    { Confidence: 91.57, Name: 'Alcohol', ParentName: '', TaxonomyLevel: 1 },
  ],
  ContentTypes: [],
};

/** What the server is asked, and what it answers. */
let asked = [];
let reply;
let server;
let s3;
let makeDetector;
const CONFIG = { dialects: ['sih', 'thumbor', 'native'], sih: { sourceBuckets: [SOURCE], detector: 'rekognition' } };

before(async () => {
  server = createServer(async (request, response) => {
    const body = JSON.parse(await buffer(request));
    asked.push({ target: request.headers['x-amz-target'], authorization: request.headers.authorization, body });
    const { status = 200, json, delay = 0 } = reply;
    setTimeout(() => response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(json)), delay);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${server.address().port}`;
  makeDetector = (aws) => rekognition(aws, { endpoint, credentials: { accessKeyId: 'id', secretAccessKey: 'secret' }, retryMode: 'standard' });
  s3 = await startS3();
  await s3.put(SOURCE, '01.jpg', await picture(600, 400).jpeg().toBuffer(), { ContentType: 'image/jpeg' });
  await s3.put(SOURCE, 'turned.jpg', await picture(600, 400).jpeg().withMetadata({ orientation: 6 }).toBuffer(), { ContentType: 'image/jpeg' });
  await s3.put(SOURCE, 'large.png', await sharp(await noise(2400, 1600)).png().toBuffer(), { ContentType: 'image/png' });
  await s3.put(SOURCE, '01.webp', await picture(600, 400).webp().toBuffer(), { ContentType: 'image/webp' });
});
after(async () => {
  server?.closeAllConnections();
  server?.close();
  await s3?.stop();
});
beforeEach(() => {
  asked = [];
});

const pathOf = (key, edits) => `/${Buffer.from(JSON.stringify({ bucket: SOURCE, key, edits })).toString('base64')}`;

const edges = {
  async 'Lambda@Edge'(path, aws) {
    const { status, headers, body } = await ask(originResponse({ ...host(s3, aws, CONFIG), makeDetector }), path);
    return { status, headers, body };
  },
  async 'the Function URL'(path, aws) {
    const handler = functionUrl({ ...host(s3, aws, CONFIG), makeDetector });
    const event = { requestContext: { http: { method: 'GET' } }, rawPath: path, rawQueryString: '', headers: {} };
    const { statusCode, headers, body } = await handler.buffered(event);
    return { status: statusCode, headers, body: Buffer.from(body, 'base64') };
  },
};
const sizeOf = async (body) => {
  const { width, height } = await sharp(body).metadata();
  return [width, height];
};
const errorOf = ({ status, body }) => [status, JSON.parse(body.toString()).code];

let unique = 0;
for (const [name, get] of Object.entries(edges)) {
  /** An edit that changes nothing but the path, so that nothing is found in the store. */
  const fresh = (edits) => ({ ...edits, extend: { top: (unique += 1) } });

  describe(`faces and labels on ${name}`, () => {
    it('cuts the face out that Rekognition sees, with its padding', async () => {
      reply = { json: FACES };
      const edits = fresh({ smartCrop: { faceIndex: 0, padding: 20 } });
      const answer = await get(pathOf('01.jpg', edits));
      assert.equal(answer.status, 200, answer.body.toString());
      // floor(0.1845 × 600 + 40), floor(0.3289 × 400 + 40)
      assert.deepEqual(await sizeOf(answer.body), [150, 171 + edits.extend.top]);
      assert.equal(asked.length, 1);
      assert.equal(asked[0].target, 'RekognitionService.DetectFaces');
      assert.match(asked[0].authorization, /^AWS4-HMAC-SHA256 Credential=id\/\d{8}\/us-east-1\/rekognition\/aws4_request/);
      assert.deepEqual(await sizeOf(Buffer.from(asked[0].body.Image.Bytes, 'base64')), [600, 400]);
    });

    it('shows the pixels that are in the box, and no others', async () => {
      reply = { json: FACES };
      const answer = await get(pathOf('01.jpg', { smartCrop: true, toFormat: 'png' }));
      const source = await picture(600, 400).jpeg().toBuffer();
      const expected = await sharp(source).extract({ left: 245, top: 74, width: 110, height: 131 }).raw().toBuffer();
      const got = await sharp(answer.body).removeAlpha().raw().toBuffer();
      assert.equal(got.length, expected.length);
      const difference = got.reduce((sum, sample, at) => sum + Math.abs(sample - expected[at]), 0) / got.length;
      assert.ok(difference < 1, `mean ${difference}`);
    });

    it('keeps a box that leaves the picture within it', async () => {
      reply = { json: FACES };
      const edits = fresh({ smartCrop: { faceIndex: 1 } });
      const answer = await get(pathOf('01.jpg', edits));
      assert.deepEqual(await sizeOf(answer.body), [30, 80 + edits.extend.top]);
    });

    it('says which face is not there', async () => {
      reply = { json: FACES };
      assert.deepEqual(errorOf(await get(pathOf('01.jpg', { smartCrop: { faceIndex: 2 } }))), [400, 'SmartCrop::FaceIndexOutOfRange']);
      assert.deepEqual(errorOf(await get(pathOf('01.jpg', { smartCrop: { padding: -200 } }))), [400, 'SmartCrop::PaddingOutOfBounds']);
    });

    it('shows the whole picture where there is no face', async () => {
      reply = { json: { FaceDetails: [] } };
      const edits = fresh({ smartCrop: { padding: 30 } });
      assert.deepEqual(await sizeOf((await get(pathOf('01.jpg', edits))).body), [600, 400 + edits.extend.top]);
    });

    it('sends what Rekognition does not read, or not in this size, as a JPEG that it does', async () => {
      reply = { json: FACES };
      for (const [key, width, height] of [['large.png', 1920, 1280], ['01.webp', 600, 400], ['turned.jpg', 600, 400]]) {
        asked = [];
        const answer = await get(pathOf(key, fresh({ smartCrop: true, toFormat: 'jpeg' })));
        assert.equal(answer.status, 200, answer.body.toString());
        const sent = Buffer.from(asked[0].body.Image.Bytes, 'base64');
        const { format, width: w, height: h, orientation = 1 } = await sharp(sent).metadata();
        assert.deepEqual([format, w, h, orientation], ['jpeg', width, height, 1], key);
        assert.ok(sent.length <= 5_000_000);
      }
    });

    it('blurs what has a label, and shows what has none', async () => {
      const edits = fresh({ contentModeration: { minConfidence: 60, blur: 20 }, toFormat: 'png' });
      reply = { json: LABELS };
      const blurred = await get(pathOf('01.jpg', edits));
      assert.deepEqual([asked[0].target, asked[0].body.MinConfidence], ['RekognitionService.DetectModerationLabels', 60]);
      reply = { json: { ...LABELS, ModerationLabels: [] } };
      const other = fresh({ contentModeration: true, toFormat: 'png' });
      const plain = await get(pathOf('01.jpg', other));
      assert.deepEqual([blurred.status, plain.status], [200, 200]);
      const deviation = async ({ body }) => (await sharp(body).extract({ left: 0, top: 30, width: 600, height: 300 }).convolve({ width: 3, height: 3, kernel: [0, -1, 0, -1, 4, -1, 0, -1, 0], scale: 1 }).stats()).channels[0].mean;
      assert.ok((await deviation(blurred)) < (await deviation(plain)));
    });

    it('blurs by name where names are given', async () => {
      reply = { json: LABELS };
      const of = (moderationLabels) => pathOf('01.jpg', { contentModeration: { moderationLabels }, toFormat: 'png' });
      const [named, others] = [await get(of(['Alcohol'])), await get(of(['Violence']))];
      assert.deepEqual([named.status, others.status], [200, 200]);
      assert.ok(!named.body.equals(others.body));
    });

    it('shows nothing, and keeps nothing, when Rekognition fails', async () => {
      const refuse = async (status, type, expected) => {
        reply = { status, json: { __type: type, message: 'no' } };
        const answer = await get(pathOf('01.jpg', fresh({ contentModeration: true })));
        assert.deepEqual(errorOf(answer), [expected, 'Rekognition::DetectModerationLabelsError'], type);
        if (expected >= 500) assert.equal(answer.headers['cache-control'], 'no-store');
      };
      await refuse(400, 'AccessDeniedException', 502);
      await refuse(500, 'InternalServerError', 502);
      await refuse(400, 'InvalidImageFormatException', 400);
      reply = { json: LABELS, delay: 700 };
      const late = await get(pathOf('01.jpg', fresh({ contentModeration: true })), { detectTimeoutMs: 200 });
      assert.deepEqual(errorOf(late), [504, 'Rekognition::DetectModerationLabelsError']);
    });
  });
}
