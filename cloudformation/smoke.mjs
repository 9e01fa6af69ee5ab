// Asks a deployment what it should answer, on either cloud, and says what is different. Changes nothing but that some images are made.
//
//     node cloudformation/smoke.mjs https://d111111abcdef8.cloudfront.net photos/01.jpg      the key of a JPEG that is there

import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Names that a signature or a decoding on the way may spoil. They are not there: what is right is our own "not found". */
const ODD = ['a b', 'a+b', 'é', '100%', 'a@2x', 'a(1)', "it's", '家', 'a&b', 'a=b', 'a;b', 'a,b'];

/**
 * @param {string} base  the address, without a slash at its end
 * @param {string} key   of a JPEG
 * @returns {Promise<{what: string, wrong?: string}[]>}
 */
export async function smoke(base, key) {
  const results = [];
  const encoded = key.split('/').map(encodeURIComponent).join('/');
  // a width that nobody asked for before is a miss
  const width = 100 + Math.floor(Math.random() * 100);
  const ask = async (path, init = {}) => {
    const response = await fetch(`${base}${path}`, { redirect: 'manual', ...init });
    return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
  };
  const check = async (what, work) => {
    try {
      const wrong = await work();
      results.push(wrong ? { what, wrong } : { what });
    } catch (error) {
      results.push({ what, wrong: String(error?.cause ?? error) });
    }
  };
  const expect = (answer, wanted) => {
    for (const [name, value] of Object.entries(wanted)) {
      const got = name === 'status' ? answer.status : answer.headers.get(name);
      const isSame = value instanceof RegExp ? value.test(got ?? '') : got === value;
      if (!isSame) return `${name} is ${got}; expected ${value}${answer.status >= 400 ? `: ${answer.body.subarray(0, 200)}` : ''}`;
    }
    return undefined;
  };
  const error = (answer, status, code) => expect(answer, { status, 'content-type': 'application/json' }) ?? (JSON.parse(answer.body).code === code ? undefined : `the code is ${JSON.parse(answer.body).code}; expected ${code}`);

  const jpeg = { accept: 'image/jpeg' };
  const path = `/${encoded}?width=${width}`;
  const IMAGE = { status: 200, 'content-type': 'image/jpeg', 'x-content-type-options': 'nosniff', 'cache-control': /max-age=\d+/, etag: /^(W\/)?"[^"]+"$/ };
  let made;
  await check('an image is made', async () => {
    made = await ask(path, { headers: jpeg });
    return expect(made, IMAGE) ?? (widthOf(made.body) === width ? undefined : `it is ${widthOf(made.body)} px wide; expected ${width}`);
  });
  if (results[0].wrong) return results;
  await check('an image is the same the second time', async () => {
    const again = await ask(path, { headers: jpeg });
    return expect(again, { ...IMAGE, etag: made.headers.get('etag') }) ?? (again.body.equals(made.body) ? undefined : 'it has other bytes');
  });
  await check('its canonical path is the same image', async () => {
    const canonical = await ask(`/${width}w/default/${encoded}`, { headers: jpeg });
    return expect(canonical, IMAGE) ?? (canonical.body.equals(made.body) ? undefined : 'it has other bytes');
  });
  await check('another spelling is the same image', async () => {
    const other = await ask(`/${encoded}?utm_source=x&w=${width}`, { headers: jpeg });
    return expect(other, IMAGE) ?? (other.body.equals(made.body) ? undefined : 'it has other bytes');
  });
  await check('who has it is told 304', async () => expect(await ask(path, { headers: { ...jpeg, 'if-none-match': made.headers.get('etag') } }), { status: 304 }));
  await check('HEAD has the head of GET, of an image that is there', async () => {
    const head = await ask(path, { method: 'HEAD', headers: jpeg });
    return expect(head, IMAGE) ?? (head.body.length === 0 ? undefined : 'it has a body');
  });
  await check('HEAD of an image that was not made yet', async () => expect(await ask(`/${encoded}?width=${width}&style=bw`, { method: 'HEAD', headers: jpeg }), { status: 200, 'content-type': 'image/jpeg' }));
  await check('WebP where it is asked for', async () => expect(await ask(`/${encoded}?width=${width}&format=webp`), { status: 200, 'content-type': 'image/webp' }));
  await check('the original', async () => expect(await ask(`/${encoded}`, { headers: jpeg }), { status: 200, 'content-type': 'image/jpeg', 'x-content-type-options': 'nosniff' }));
  await check('nothing of the store shows', async () => {
    const names = [...made.headers.keys(), ...(await ask(path, { headers: jpeg })).headers.keys()].filter((name) => name.startsWith('x-amz-meta-') || name === 'x-amz-request-id');
    return names.length === 0 ? undefined : names.join(', ');
  });
  await check('an image of more than 740 KB, or as large as there is', async () => {
    const large = await ask(`/${encoded}?width=4000&enlarge&format=png`);
    if (![301, 302].includes(large.status)) return expect(large, { status: 200, 'content-type': 'image/png' });
    return expect(await ask(large.headers.get('location')), { status: 200, 'content-type': 'image/png' });
  });
  await check('a bad value is a 400', async () => expect(await ask(`/${encoded}?width=9000`), { status: 400, 'content-type': 'application/json' }));
  await check('a bad value that only the core knows is a 400', async () => error(await ask(`/${encoded}?width=${width}&fit=sideways`), 400, 'invalid_parameter'));
  await check('what is not there is a 404', async () => error(await ask(`/no-such-image-${width}.jpg?width=50`), 404, 'not_found'));
  await check('a bad key is a 400', async () => expect(await ask('/a/%2e%2e/%00.jpg?width=50'), { status: 400 }));
  await check('another method is refused', async () => {
    const { status } = await ask(`/${encoded}`, { method: 'DELETE' });
    return [403, 405].includes(status) ? undefined : `status is ${status}; expected 403 or 405`;
  });
  await check('a thumbnail at once for eight viewers', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask(`/${encoded}?width=${width}&style=sepia`, { headers: jpeg })));
    return answers.map((answer) => expect(answer, IMAGE) ?? (answer.body.equals(answers[0].body) ? undefined : 'they differ')).find(Boolean);
  });
  for (const name of ODD) {
    await check(`the name ${name}`, async () => error(await ask(`/no-such-image-${width}/${encodeURIComponent(name)}.jpg?width=50`), 404, 'not_found'));
  }
  return results;
}

/** The width in a JPEG's header. */
function widthOf(bytes) {
  for (let at = 2; at + 9 < bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes[at + 1];
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) return bytes.readUInt16BE(at + 7);
  }
  return undefined;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [base, key] = process.argv.slice(2);
  if (!key) {
    console.error('usage: node cloudformation/smoke.mjs https://HOST KEY-OF-A-JPEG');
    process.exit(2);
  }
  const results = await smoke(base.replace(/\/$/, ''), key);
  for (const { what, wrong } of results) console.log(`${wrong ? 'WRONG' : 'ok   '}  ${what}${wrong ? `: ${wrong}` : ''}`);
  process.exitCode = results.some(({ wrong }) => wrong) ? 1 : 0;
}
