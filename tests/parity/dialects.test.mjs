// URLs of other dialects through the CloudFront Function, in njs, and the core behind it: the same as the core alone.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { njs, rust } from './runners.mjs';

const settings = {
    sih: { dialects: ['sih', 'thumbor', 'native'], sih: { sourceBuckets: ['first', 'other'], autoWebp: true } },
    'sih-second': { dialects: ['native', 'sih', 'thumbor'], sih: { sourceBuckets: ['first'] } },
    thumbor: { dialects: ['thumbor'], thumbor: 'strict' },
    'thumbor-signed': { dialects: ['thumbor', 'native'], thumbor: { mode: 'strict', securityKey: 'my-security-key' } },
    dit: { dialects: ['dit', 'native'], presets: { card: 'width=600&height=400&fit=cover', '11111111-2222-4333-8444-555555555555': 'style=sepia' } },
    shopify: { dialects: ['shopify', 'native'] },
    wordpress: { dialects: ['wordpress', 'thumbor', 'native'], thumbor: 'strict' },
    'thumbor-and-sih': { dialects: ['native', 'thumbor', 'sih'], thumbor: 'strict', sih: { sourceBuckets: ['first'] } },
};

/** Requests of all dialects, mixed, from a fixed seed. */
function requests(count) {
    let state = 20_261_128;
    const below = (n) => (state = (Math.imul(state, 48271) >>> 0) % 2147483647) % n;
    const pick = (list) => list[below(list.length)];
    const chance = (share) => below(1_000) < share * 1_000;
    const base64 = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString(pick(['base64', 'base64', 'base64url']));
    const key = () => pick(['a.jpg', 'b/c.png', 'photo-300x200.jpg', 'd', 'e.pdf', 'a%20b.jpg', 'caf%C3%A9.webp', 'a//b.jpg', '../a.jpg', 'https%3A%2F%2Fx.org%2Fa.jpg', '']);
    const side = () => pick(['0', '300', '200', 'orig', '', '-300', '9000', '999999999']);
    const filter = () => pick(['blur(2)', 'blur(x)', 'grayscale()', 'quality(40)', 'format(webp)', 'rotate(90)', 'fill(red)', 'fill(blur)', 'brightness(10)', 'noise(4)', 'rgb(1,2,3)',
        'watermark(first,w.png,1,2,3)', 'watermark(w.png,-5,center,50,20)', 'round_corner(20|40,0,0,0)', 'upscale()', 'proportion(0.5)', 'smart_crop(1)', 'contrast(-40)', 'strip_exif()', '(', 'x']);
    const some = (list) => list.filter(() => chance(0.35));
    const thumbor = () => [...some(['trim', 'trim:10']), ...some(['10x20:300x200', '1x1:0x0']), ...some(['fit-in', 'full-fit-in', 'adaptive-fit-in']), ...some([`${side()}x${side()}`]), ...some(['left', 'right']),
        ...some(['top', 'middle']), ...some(['smart']), ...some([`filters:${Array.from({ length: 1 + below(3) }, filter).join(':')}`]), key()].join('/');
    const json = () => base64({ ...(chance(0.3) ? { bucket: pick(['first', 'other', 'none']) } : {}), key: pick(['a.jpg', 'b/c.png']), edits: pick([undefined, {}, { resize: { width: below(900), height: 100, fit: 'cover' } }, { grayscale: true, flip: true }]) });
    const path = () => pick([
        () => `/${thumbor()}`, () => `/unsafe/${thumbor()}`, () => `/unsafe/${thumbor()}`, () => `/${json()}`, () => `/${key()}`, () => '/400h200w/bw/a.jpg', () => '/5w/ops-stored/a.jpg',
        () => `/8ammJH8D-7tXy6kU3lTvoXlhu4o${pick(['=', '%3D', '%3d', ''])}/300x200/my.server.com/some/path/to/image.jpg`, () => `/8ammJH8D-7tXy6kU3lTvoXlhu4o=/${thumbor()}`, () => '/UNSAFE/5x5/a.jpg', () => `/${base64({ path: pick(['/a.jpg', '/b/c.png', 'a.jpg', '/a.jpg?x', 5]), edits: { resize: { width: 300, fit: 'inside' }, quality: 70, blur: 'x' }, ...(chance(0.5) ? { policyId: pick(['card', 'none']) } : {}) })}`,
        () => `/a${pick(['_200x', '_x200', '_200x200_crop_center', '_grande', '_300x200@2x.progressive', '_x', '_abc', '_1x1_crop_none'])}.jpg`, () => '/unsafe',
    ])();
    const query = () => some([`width=${pick(['100', '0', 'x', ''])}`, `height=${below(300)}`, 'fit=cover', 'format=webp', 'rotate=90', 'flip=true', 'style=bw', 'utm=1', 'w=7', 'quality=50', 'grayscale=1', 'resize[width]=300', 'resize.height=200', 'resize%5Bfit%5D=inside', 'resize=300,200', 'policyId=card', 'blur=2', 'crop=center', 'crop=10,10,50,50', 'pad_color=ff0000', 'h=90', 'zoom=2', 'tint=red', 'extract=1,2,30,40', 'watermark=x', 'sharpen=true', 'style=%zz', 'resize=%zz']).join('&');
    return Array.from({ length: count }, () => ({ settings: pick(Object.keys(settings)), path: path(), query: chance(0.5) ? query() : '', ...(chance(0.3) ? { accept: 'image/webp,*/*' } : {}) }));
}

test('what the function passes of other dialects means behind it what it means in front of it', (t) => {
    const vectors = requests(3_000);
    const answered = njs({ settings, vectors });
    const meant = rust({ settings, vectors });
    const behind = rust({ settings, vectors: answered.map((answer, i) => ({ path: answer.path ?? '/', settings: vectors[i].settings, isCanonical: true })) });
    const means = (answer) => answer.path ?? answer.error?.code;
    const found = vectors.flatMap((vector, i) => {
        const answer = answered[i].path === undefined ? answered[i] : behind[i];
        return means(answer) === means(meant[i]) ? [] : [{ vector, meant: meant[i], answered: answered[i], behind: behind[i] }];
    });
    const made = meant.filter((answer) => answer.path && !answer.original).length;
    t.diagnostic(`${vectors.length} requests, ${made} of them for images that are made`);
    assert.ok(made > 500);
    assert.equal(found.length, 0, `${found.length} differences, the first: ${JSON.stringify(found.slice(0, 5), null, 1)}`);
});
