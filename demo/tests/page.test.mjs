// The page in Chromium, beside its controls: dialects, pictures of one's own, dragging, phones, access, errors, budgets.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { answered, DIST, drag, fragment, go, hashOf, missing, pixels, PROJECT, resultHash, SHOTS, start } from './page.mjs';

const fixture = (name) => join(PROJECT, 'fixtures', name);
const AXE = missing ? '' : readFileSync(join(PROJECT, 'demo/node_modules/axe-core/axe.min.js'), 'utf8');

/** Drops files onto the page, as from a folder. */
async function drop(page, names) {
  const files = names.map((name) => ({ name, text: readFileSync(fixture(name)).toString('base64') }));
  await page.evaluate((list) => {
    const data = new DataTransfer();
    for (const { name, text } of list) data.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name));
    dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  }, files);
}

async function findings(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).slice(0, 3).join(' | ')}`);
}

describe('the page', { skip: missing, timeout: 480_000 }, () => {
  let session;
  let page;
  before(async () => {
    mkdirSync(SHOTS, { recursive: true });
    session = await start();
    page = await session.open('/#/01.jpg?width=400&height=250&fit=cover&format=webp');
    await answered(page);
  });
  after(() => session?.close());

  it('is within its budget: 80 kB compressed without wasm and pictures', (context) => {
    const files = [join(DIST, 'index.html'), ...readdirSync(join(DIST, 'demo/assets')).filter((name) => !name.endsWith('.wasm')).map((name) => join(DIST, 'demo/assets', name)), join(DIST, 'demo/sw.js')];
    const size = files.reduce((sum, file) => sum + gzipSync(readFileSync(file), { level: 9 }).length, 0);
    context.diagnostic(`${size} bytes`);
    assert.ok(size <= 80_000, `${size} bytes`);
  });

  it('shows a first result within 2.5 s of a visit, on both edges', async (context) => {
    for (const origin of [session.origin, session.workerOrigin]) {
      const times = [];
      for (let visit = 0; visit < 3; visit += 1) {
        const visitor = await session.open(`${origin}/`);
        await answered(visitor);
        times.push(await visitor.evaluate(() => performance.now()));
        await visitor.context().close();
      }
      context.diagnostic(`${origin}: ${times.map((time) => Math.round(time)).join(', ')} ms`);
      // a machine with other work takes longer; the first visit makes the picture as well
      assert.ok(Math.min(...times) < 2500, `${times}`);
    }
  });

  it('is at / and at /demo/ of both edges, and a key of the bucket is not', async () => {
    for (const origin of [session.origin, session.workerOrigin]) {
      for (const path of ['/', '/demo/']) assert.match(await (await fetch(origin + path)).text(), /<title>Deckle/);
      assert.equal((await fetch(`${origin}/demo/nothing.jpg?width=10`)).status, 404);
    }
  });

  it('reads back what it writes, in every dialect', async () => {
    const states = ['/01.jpg?width=300&height=200&fit=cover&format=webp&quality=70', '/02.jpg?width=260&style=bw', '/01.jpg?width=280&height=280&fit=contain&rotate=90&flip&background=336699', '/03.jpg?width=240&crop=100,50,400,300&blur=2'];
    for (const state of states) {
      await go(page, state);
      const picture = await pixels(page);
      await page.waitForFunction(() => document.querySelectorAll('.line .badge').length >= 5);
      await page.waitForFunction((text) => document.querySelector('[data-dialect="Query"] code').textContent === text, state);
      const canonical = await page.locator('[data-dialect="Canonical path"] code').textContent();
      for (const line of await page.locator('.line').all()) {
        const [name, text, badge] = [await line.getAttribute('data-dialect'), await line.locator('code').textContent(), await line.locator('.badge').textContent()];
        if (/^(Query|Canonical|Base64, ours|Signed)/.test(name)) assert.equal(badge, 'same picture', `${name} of ${state}`);
        if (badge !== 'same picture') continue;
        await go(page, '/02.jpg?width=100');
        await page.getByLabel('Paste a URL, JSON or base64 of any dialect').fill(name === 'Query' ? `https://elsewhere.example${text}` : text);
        await page.getByRole('button', { name: 'Read', exact: true }).click();
        await page.waitForFunction((path) => document.querySelector('[data-dialect="Canonical path"] code')?.textContent === path, canonical);
        await answered(page);
        await page.waitForFunction(() => document.querySelector('.stage').dataset.asked?.length > 0);
        assert.equal(await pixels(page), picture, `${name} of ${state}`);
      }
    }
  });

  it('reads URLs of other services that are pasted, and writes them', async () => {
    for (const [pasted, hash] of [
      ['https://img.example.com/unsafe/300x200/filters:grayscale()/01.jpg', /^#\/01\.jpg\?width=300&height=200&fit=cover.*style=bw/],
      ['/01.jpg?resize.width=240&resize.fit=inside', /^#\/01\.jpg\?width=240/],
      ['https://cdn.example.com/01.jpg?v=17&width=250&height=100&crop=top', /^#\/01\.jpg\?width=250&height=100&fit=cover&position=top/],
      ['/01.jpg?resize=200,100&filter=sepia', /^#\/01\.jpg\?width=200&height=100&fit=cover.*style=sepia/],
    ]) {
      await go(page, '/02.jpg?width=100');
      await page.getByLabel('Paste a URL, JSON or base64 of any dialect').fill(pasted);
      await page.getByRole('button', { name: 'Read', exact: true }).click();
      await page.waitForFunction(() => !location.hash.startsWith('#/02.jpg'));
      assert.match(await page.evaluate(() => location.hash), hash, pasted);
      await answered(page);
    }
    await page.getByText('URLs of other services').click();
    await page.waitForFunction(() => [...document.querySelectorAll('details[open] .line')].length === 4 && document.querySelector('[data-dialect="WordPress"] .badge')?.textContent === 'same picture');
    assert.equal(await page.locator('[data-dialect="Thumbor itself"] .badge').textContent(), 'has no words for Style');
  });

  it('says the same in AWS’s base64 where AWS has the words', async () => {
    await go(page, '/01.jpg?width=300&height=200&fit=cover&format=webp&quality=70&scale=native');
    await page.waitForFunction(() => document.querySelector('[data-dialect="Base64, AWS"] .badge')?.textContent === 'same picture');
    const url = await page.locator('[data-dialect="Base64, AWS"] code').textContent();
    assert.equal(await hashOf(session.origin + url), await hashOf(`${session.origin}/01.jpg?width=300&height=200&fit=cover&format=webp&quality=70&scale=native`));
  });

  it('reads JSON and base64 of AWS’s demo, and its controls write them', async () => {
    await go(page, '/02.jpg?width=100');
    const body = { bucket: 'deckle-source', key: '01.jpg', edits: { resize: { width: 200, height: 200, fit: 'cover' }, grayscale: true } };
    await page.getByLabel('Paste a URL, JSON or base64 of any dialect').fill(Buffer.from(JSON.stringify(body, null, 2)).toString('base64'));
    await page.getByRole('button', { name: 'Read', exact: true }).click();
    await page.waitForFunction(() => /^#\/01\.jpg\?.*width=200/.test(location.hash));
    await answered(page);
    assert.match(await pixels(page), /^200x200 /);
    await page.getByRole('tab', { name: 'AWS’s demo' }).click();
    const editor = page.getByRole('region', { name: 'Editor' });
    await editor.getByLabel('Resize Mode').selectOption('contain');
    await editor.getByLabel('Width').fill('180');
    await editor.getByLabel('Height').fill('120');
    await editor.getByRole('switch', { name: 'Negative' }).click();
    await page.waitForFunction(() => /width=180/.test(location.hash));
    await answered(page);
    assert.match(await page.getByLabel('Request body', { exact: true }).textContent(), /"negate": true/);
    assert.match(await pixels(page), /^180x120 /);
    await page.getByRole('tab', { name: 'URL' }).click();
  });

  it('makes a dropped picture in the browser: the bytes of the edge, and nothing is uploaded', async () => {
    const sent = [];
    const watch = (request) => { if (request.method() !== 'GET') sent.push(request.url()); };
    page.on('request', watch);
    await go(page, '/02.jpg?width=320&style=sepia');
    await drop(page, ['01.jpg']);
    await page.waitForFunction(() => document.querySelector('.stage').dataset.asked?.startsWith('/here/01.jpg'));
    assert.equal(await resultHash(page), await hashOf(`${session.origin}/01.jpg?width=320&style=sepia`));
    assert.equal(await resultHash(page), await hashOf(`${session.workerOrigin}/01.jpg?width=320&style=sepia`));
    assert.match(await page.locator('.promise').textContent(), /0 bytes uploaded/);
    page.off('request', watch);
    assert.deepEqual(sent, []);
  });

  it('makes them also where the configuration bounds what is stored of a source', async () => {
    const context = await session.browser.newContext();
    try {
      const visitor = await context.newPage();
      await visitor.route('**/demo/site.json', async (route) => {
        const about = await (await route.fetch()).json();
        await route.fulfill({ json: { ...about, config: { ...about.config, limits: { variants: 5 } } } });
      });
      await visitor.goto(`${session.origin}/#/02.jpg?width=320&style=sepia`);
      await answered(visitor);
      await drop(visitor, ['01.jpg']);
      await visitor.waitForFunction(() => document.querySelector('.stage').dataset.asked?.startsWith('/here/01.jpg'));
      assert.equal(await resultHash(visitor), await hashOf(`${session.origin}/01.jpg?width=320&style=sepia`));
    } finally {
      await context.close();
    }
  });

  it('takes what is pasted: a URL, a picture', async () => {
    await go(page, '/02.jpg?width=100');
    const paste = (make) => page.evaluate(async (what) => {
      const data = new DataTransfer();
      if (what.text) data.setData('text', what.text);
      else data.items.add(new File([await (await fetch(what.file)).blob()], 'pasted.jpg', { type: 'image/jpeg' }));
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
    }, make);
    await paste({ text: 'https://images.example/140h210w/bw/01.jpg' });
    await page.waitForFunction(() => /^#\/01\.jpg\?(?=.*width=210)(?=.*height=140)(?=.*style=bw)/.test(location.hash));
    await answered(page);
    await paste({ file: '/03.jpg' });
    await page.waitForFunction(() => document.querySelector('.stage').dataset.asked?.startsWith('/here/pasted.jpg'));
    assert.equal(await resultHash(page), await hashOf(`${session.origin}/03.jpg?width=210&height=140&style=bw`));
  });

  it('flips to the picture before while a key is held', async () => {
    await go(page, '/01.jpg?width=300&style=bw');
    await page.waitForFunction(() => document.querySelector('.stage').dataset.before?.startsWith('01.jpg?'));
    await page.locator('h1').click();
    await page.keyboard.down('b');
    await page.waitForFunction(() => document.querySelector('img.before').style.clipPath.includes('0 0% 0 0') || /inset\(0(px)? 0(%|px)? 0(px)? 0(px)?\)|inset\(0px?\)|inset\(0(px)? 0%/.test(document.querySelector('img.before').style.clipPath));
    await page.keyboard.up('b');
    await page.waitForFunction(() => /50%/.test(document.querySelector('img.before').style.clipPath) || document.querySelector('.divider'));
  });

  it('drags the crop box and the focal point, by mouse and by arrows', async () => {
    await go(page, '/01.jpg?width=300&height=200');
    const whole = await pixels(page);
    await page.getByRole('button', { name: 'Crop and focus' }).click();
    await drag(page, page.getByRole('button', { name: 'Crop: top left corner' }), 120, 60);
    await page.waitForFunction(() => /crop=\d+,\d+,\d+,\d+/.test(location.hash));
    const first = new URLSearchParams((await fragment(page)).split('?')[1]).get('crop').split(',').map(Number);
    assert.ok(first[0] > 50 && first[1] > 30, `${first}`);
    await page.getByRole('button', { name: /^Crop box/ }).focus();
    await page.keyboard.press('Shift+ArrowLeft');
    await page.waitForFunction((x) => location.hash.includes(`crop=${x},`), first[0] - 10);
    await drag(page, page.getByRole('button', { name: /^Focal point/ }), -60, 20);
    await page.waitForFunction(() => /position=0\.\d+,0\.\d+/.test(location.hash) && /fit=cover/.test(location.hash));
    await page.getByRole('button', { name: 'Before and after' }).click();
    await answered(page);
    assert.notEqual(await pixels(page), whole);
  });

  it('grows no wider than the window, however long the URL is', async () => {
    await go(page, '/01.jpg?width=600&height=600&crop=150,80,700,560&fit=cover&position=0.3,0.4&duotone=123456,fedcba&text=Fresh%20today%20and%20tomorrow%20and%20after,left:8%25,top:10%25,size:9%25,outline:2&quality=70');
    const widths = await page.evaluate(() => [...document.querySelectorAll('.work > *')].map((element) => element.getBoundingClientRect().right <= document.querySelector('.controls').getBoundingClientRect().left));
    assert.ok(widths.every(Boolean), `${widths}`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  });

  it('places text on the picture by dragging', async () => {
    await go(page, '/01.jpg?width=400&text=Hello,bottom,size:12%25');
    const before = await pixels(page);
    await drag(page, page.getByRole('button', { name: /^Place text 1/ }), -80, -90);
    await page.waitForFunction(() => /text=Hello,.*left:\d+%25,top:\d+%25/.test(location.hash));
    await answered(page);
    assert.notEqual(await pixels(page), before);
  });

  it('moves the divider by keys and pointer, and zooms', async () => {
    await go(page, '/01.jpg?width=400&style=bw');
    const divider = page.getByRole('slider', { name: 'Before and after' });
    await divider.focus();
    await page.keyboard.press('ArrowRight');
    assert.equal(await divider.getAttribute('aria-valuetext'), '51 % before');
    await page.keyboard.press('End');
    assert.equal(await divider.getAttribute('aria-valuenow'), '100');
    await drag(page, divider, -120, 0);
    assert.ok(Number(await divider.getAttribute('aria-valuenow')) < 90);
    const { width } = await page.locator('.sheet').boundingBox();
    await page.getByRole('group', { name: 'Zoom' }).getByRole('button', { name: '400 %' }).click();
    await page.waitForFunction((at) => document.querySelector('.sheet').offsetWidth > at * 2, width);
    await page.getByRole('group', { name: 'Zoom' }).getByRole('button', { name: 'Fit' }).click();
  });

  it('undoes and redoes, and keeps what is asked for in its address', async () => {
    await go(page, '/01.jpg?width=300');
    await page.locator('details.group', { hasText: 'Turn' }).evaluate((element) => { element.open = true; });
    await page.getByRole('switch', { name: 'Flop' }).click();
    await answered(page, '/01.jpg?width=300&flop');
    await page.locator('h1').click();
    await page.keyboard.press('Control+z');
    await answered(page, '/01.jpg?width=300');
    await page.keyboard.press('Control+Shift+z');
    await answered(page, '/01.jpg?width=300&flop');
    const again = await session.open(`/#${await fragment(page)}`);
    await answered(again, '/01.jpg?width=300&flop');
    await again.context().close();
  });

  it('says what is wrong and what helps, and keeps the picture', async () => {
    await go(page, '/01.jpg?width=300');
    await page.locator('[data-edit=width] input[type=number]').fill('9000');
    await page.waitForFunction(() => /expected an integer from 1 to 8192/.test(document.querySelector('.trouble')?.textContent ?? ''));
    await page.waitForFunction(() => document.querySelector('.state').textContent !== 'making…');
    assert.match(await page.locator('[data-edit=width] .wrong').textContent(), /^width is 9000; expected an integer from 1 to 8192$/);
    assert.match(await page.locator('.trouble').textContent(), /expected an integer/);
    assert.match(await pixels(page), /^300x200 /);
    await page.getByRole('button', { name: 'Reset Width' }).first().click();
    await answered(page, '/01.jpg');
    await page.getByLabel('Key of a picture in the bucket').fill('nowhere.jpg');
    await page.getByRole('button', { name: 'Import' }).click();
    await page.waitForFunction(() => /Having trouble\?.*no such picture/s.test(document.querySelector('.trouble')?.textContent ?? ''));
    await go(page, '/01.jpg?width=300');
  });

  it('follows a drag of a 12 MP photo', async (context) => {
    const { default: sharp } = await import('sharp');
    const photo = await sharp(fixture('01.jpg')).resize(4000, 3000, { fit: 'fill' }).jpeg({ quality: 85 }).toBuffer();
    await go(page, '/01.jpg?width=900');
    await page.setInputFiles('input[aria-label="Pictures of your own"]', { name: '12mp.jpg', mimeType: 'image/jpeg', buffer: photo });
    await page.waitForFunction(() => document.querySelector('.stage').dataset.asked?.startsWith('/here/12mp.jpg'));
    await page.waitForFunction(() => document.querySelector('.stage').dataset.before?.includes('12mp'));
    const group = page.locator('details.group', { hasText: 'Colour' });
    await group.evaluate((element) => { element.open = true; });
    const slider = page.getByRole('slider', { name: 'Saturation, slider' });
    await slider.scrollIntoViewIfNeeded();
    const box = await slider.boundingBox();
    await page.mouse.move(box.x + box.width / 3, box.y + box.height / 2);
    await page.mouse.down();
    const times = [];
    for (let step = 1; step <= 8; step += 1) {
      const seen = await page.evaluate(() => document.querySelector('img.after').src);
      const begun = Date.now();
      await page.mouse.move(box.x + box.width / 3 + step * 12, box.y + box.height / 2);
      await page.waitForFunction((src) => document.querySelector('img.after').src !== src, seen, { polling: 'raf' });
      times.push(Date.now() - begun);
    }
    await page.mouse.up();
    const median = times.sort((a, b) => a - b)[4];
    const inside = Number(await page.evaluate(() => document.querySelector('.stage').dataset.preview ?? 0));
    context.diagnostic(`${times.join(', ')} ms, median ${median}; the last preview took ${inside} ms`);
    // 100 ms on a machine of one's own; this one may have other work
    assert.ok(median <= 300, `${times}`);
    await answered(page);
  });

  it('makes many files and saves them as a zip', async () => {
    await go(page, '/01.jpg?width=120&format=webp');
    await page.getByRole('tab', { name: 'Many files' }).click();
    await page.setInputFiles('input[aria-label="Many pictures"]', ['01.jpg', '02.jpg', '03.jpg', 'notes.txt'].map(fixture));
    await page.getByRole('button', { name: 'Save 3 as a zip' }).waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save 3 as a zip' }).click()]);
    const bytes = readFileSync(await download.path());
    // local headers, one after the other: what is stored is what the edge answers
    let at = 0;
    const names = [];
    while (bytes.readUInt32LE(at) === 0x04034b50) {
      const [size, length] = [bytes.readUInt32LE(at + 18), bytes.readUInt16LE(at + 26)];
      const name = bytes.toString('utf8', at + 30, at + 30 + length);
      const body = bytes.subarray(at + 30 + length, at + 30 + length + size);
      const hash = [...createHash('sha256').update(body).digest()].join('.');
      assert.equal(hash, await hashOf(`${session.origin}/${name.replace('.webp', '.jpg')}?width=120&format=webp`), name);
      names.push(name);
      at += 30 + length + size;
    }
    assert.deepEqual(names, ['01.webp', '02.webp', '03.webp']);
    assert.equal(bytes.readUInt32LE(at), 0x02014b50);
    await page.getByRole('tab', { name: 'URL' }).click();
  });

  it('takes 100 MP with a few megabytes of memory', async (context) => {
    await page.getByRole('tab', { name: 'Time, headers, memory' }).click();
    await page.getByRole('button', { name: 'Paint 100 MP and watch' }).click();
    const bar = page.locator('.memory-bar');
    await bar.waitFor({ timeout: 60_000 });
    const label = await bar.getAttribute('aria-label');
    context.diagnostic(label);
    const [, figure, unit] = /^([\d.]+) (kB|MB)/.exec(label);
    assert.ok(unit === 'kB' || Number(figure) < 4, label);
    assert.ok(await page.locator('.derived a').count() > 0);
  });

  it('compares formats at one likeness, and shows what each device is sent', async () => {
    await go(page, '/03.jpg?width=200');
    await page.getByRole('tab', { name: 'Formats' }).click();
    await page.getByRole('button', { name: 'Compare formats' }).click();
    await page.waitForFunction(() => document.querySelectorAll('.curve g').length === 8, undefined, { timeout: 60_000 });
    const scores = await page.locator('.formats li').evaluateAll((list) => list.map((item) => Number(/score ([\d.]+)/.exec(item.textContent)[1])));
    assert.ok(scores.length >= 2 && Math.max(...scores) - Math.min(...scores) < 0.7, `${scores}`);
    await page.getByRole('tab', { name: 'Devices' }).click();
    await page.waitForFunction(() => document.querySelectorAll('.matrix td').length === 20 && !document.querySelector('.matrix').textContent.includes('…'));
    const cells = await page.locator('.matrix tbody tr:first-child td').allTextContents();
    assert.match(cells[0], /webp|avif/);
    assert.match(cells[3], /jpeg/);
    await page.getByRole('tab', { name: 'Presets' }).click();
    await page.getByRole('button', { name: 'Duotone' }).click();
    await page.waitForFunction(() => location.hash.includes('duotone='));
    await answered(page);
    await page.getByRole('tab', { name: 'URL' }).click();
  });

  it('has no finding of axe in any panel, light and dark, on a desk and on a phone', async () => {
    for (const options of [{}, { colorScheme: 'dark', viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }]) {
      const other = await session.open('/#/01.jpg?width=300&style=bw&overlay=alpha.png,bottom-right,width:30%25&text=Hi', options);
      await answered(other);
      await other.evaluate(() => { for (const group of document.querySelectorAll('details')) group.open = true; });
      for (const tab of await other.getByRole('tab').all()) {
        await tab.click();
        // scrolled, the picture stays in sight on a phone, and what is half under it counts as too small
        await other.evaluate(() => scrollTo(0, 0));
        assert.deepEqual(await findings(other), [], await tab.textContent());
      }
      await other.getByRole('button', { name: 'Crop and focus' }).click();
      assert.deepEqual(await findings(other), [], 'crop');
      await other.context().close();
    }
  });

  it('fits a phone: nothing is wider, what is touched is large enough, and edits work', async () => {
    const phone = await session.open('/#/01.jpg?width=600&format=webp', { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 });
    await answered(phone);
    assert.ok(await phone.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    await phone.evaluate(() => { for (const group of document.querySelectorAll('details')) group.open = true; });
    assert.ok(await phone.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    const small = await phone.evaluate(() => [...document.querySelectorAll('button, select, input:not(.sr):not([type=range])')].filter((element) => { const { width, height } = element.getBoundingClientRect(); return width > 0 && (width < 24 || height < 24); }).map((element) => element.outerHTML.slice(0, 90)));
    assert.deepEqual(small, []);
    await phone.getByRole('switch', { name: 'Flip' }).tap();
    await answered(phone, '/01.jpg?width=600&flip&format=webp');
    await phone.evaluate(() => scrollTo(0, 0));
    await phone.screenshot({ path: join(SHOTS, 'phone.png') });
    await phone.context().close();
  });

  it('shifts nothing while it loads', async () => {
    const visitor = await session.open('/#/01.jpg?width=800&format=webp');
    const shift = await visitor.evaluate(() => new Promise((resolve) => {
      let sum = 0;
      new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value; }).observe({ type: 'layout-shift', buffered: true });
      const look = () => (document.querySelector('img.before') ? setTimeout(() => resolve(sum), 300) : requestAnimationFrame(look));
      look();
    }));
    assert.ok(shift < 0.02, `${shift}`);
    await visitor.context().close();
  });

  it('works where nobody says what the bucket holds', async () => {
    const visitor = await session.open('/notes.txt');
    await visitor.context().route('**/demo/site.json', (route) => route.fulfill({ status: 404, body: '' }));
    await visitor.goto(`${session.origin}/`);
    await visitor.waitForFunction(() => document.querySelector('.stage')?.dataset.asked?.startsWith('/here/sample.jpg'));
    await answered(visitor);
    assert.match(await pixels(visitor), /^1000x625 /);
    await visitor.getByLabel('Key of a picture in the bucket').fill('02.jpg');
    await visitor.getByRole('button', { name: 'Import' }).click();
    await visitor.waitForFunction(() => document.querySelector('.stage').dataset.asked?.startsWith('/02.jpg'));
    await visitor.context().close();
  });

  it('works without a network after the first visit', async () => {
    const visitor = await session.open('/demo/');
    await answered(visitor);
    await visitor.evaluate(() => navigator.serviceWorker.ready);
    await visitor.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await visitor.context().setOffline(true);
    await visitor.reload();
    await visitor.waitForFunction(() => document.documentElement.dataset.ready !== undefined);
    await drop(visitor, ['02.jpg']);
    await visitor.waitForFunction(() => document.querySelector('.stage').dataset.asked?.startsWith('/here/02.jpg'));
    await answered(visitor);
    await visitor.context().close();
  });

  it('is photographed', async () => {
    for (const [name, options, path] of [['desktop', {}, '/#/01.jpg?width=1000&height=625&fit=cover&duotone=123c46,fbe9cf&format=webp'], ['dark', { colorScheme: 'dark' }, '/#/01.jpg?width=1000&duotone=1b2a49,f5d7a1&format=webp']]) {
      const visitor = await session.open(path, options);
      await answered(visitor);
      await visitor.waitForFunction(() => document.querySelector('img.before') && /^[\d.]+$/.test([...document.querySelectorAll('.figure')].find((figure) => figure.textContent.startsWith('Likeness')).querySelector('b').textContent) && [...document.querySelectorAll('.strip img')].slice(0, 6).every((image) => image.complete));
      await visitor.screenshot({ path: join(SHOTS, `${name}.png`) });
      await visitor.context().close();
    }
  });

  it('wrote nothing to the console and asked no other host', () => assert.deepEqual(session.errors, []));
});
