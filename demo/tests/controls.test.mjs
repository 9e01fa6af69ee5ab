// Every control, by its row of the table: it changes the URL and the picture.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { answered, fragment, go, missing, pixels, resultHash, start } from './page.mjs';

const { rows } = JSON.parse(readFileSync(new URL('../../core/edits.json', import.meta.url), 'utf8'));
const PLAIN = '/02.jpg?width=240&format=webp';

/** Where an edit shows nothing on the plain picture, one on which it does. */
const WHERE = {
  width: '/02.jpg?format=webp', ar: '/02.jpg?width=240&fit=cover&format=webp', dpr: PLAIN, height: '/02.jpg?format=webp', 'device-type': '/alpha.png?width=900&enlarge',
  fit: '/01.jpg?width=240&height=100&format=webp', position: '/02.jpg?width=240&height=60&fit=cover&format=webp', enlarge: '/alpha.png?width=1200', trim: '/alpha.png?width=240&background=ffffff&format=webp',
  alpha: '/alpha.png?width=240&format=webp', background: '/alpha.png?width=240&format=webp', unflatten: '/02.jpg?width=240&threshold=150&format=png', format: '/02.jpg?width=240',
  progressive: '/02.jpg?width=240', chroma: '/03.jpg?width=240', 'max-bytes': '/02.jpg?width=600&format=webp', metadata: '/orientation-6.jpg?width=100', quality: PLAIN, effort: PLAIN,
  scale: '/02.jpg?width=240&format=webp&quality=30',
  animated: '/animation.gif?width=30', frame: '/animation.gif?format=png',
  overlay: '/02.jpg?width=240&format=webp', icc: '/display-p3.jpg?width=240', hdr: '/ultra-hdr.jpg?width=240',
};
/** Values of kinds that are written. */
const VALUES = {
  frame: '2',
  trim: '60', crop: '100,100,400,200', ar: '1x1', linear: '1.3,10', recomb: '0,0,1,0,1,0,1,0,0', convolve: '-1,-1,-1,-1,8,-1,-1,-1,-1', clahe: '30,30', duotone: '1b2a49,f5d7a1', pad: '12', radius: '40', tint: 'c8553d',
  background: '336699', rotate: '33', 'max-bytes': '9000', width: '200', height: '120', dpr: '2', quality: '20', effort: '0', hue: '120', threshold: '120', median: '5', blur: '4', pixelate: '9', zoom: '2', gamma: '2', opacity: '0.4', sharpen: '3', lightness: '20',
};
/** Edits that change how the same pixels are written, or what is written beside them. */
const SAME_PIXELS = new Set(['progressive', 'metadata', 'animated', 'icc', 'hdr']);

describe('controls', { skip: missing, timeout: 480_000 }, () => {
  let session;
  let page;
  before(async () => {
    session = await start();
    page = await session.open(`/#${PLAIN}`);
    await answered(page, PLAIN);
    await page.evaluate(() => { for (const group of document.querySelectorAll('details.group')) group.open = true; });
  });
  after(() => session?.close());

  /** Uses a control as a visitor would. */
  async function use(row) {
    const field = page.locator(`[data-edit="${row.name}"]`);
    await field.evaluate((element) => { element.closest('details').open = true; });
    if (row.kind === 'flag') return field.getByRole('switch').click();
    if (row.kind === 'overlays' || row.kind === 'lettering') return field.locator('.add').click();
    if (row.kind === 'position') return field.getByRole('button', { name: 'bottom', exact: true }).click();
    const select = field.locator('.field-body > select');
    if (await select.count()) {
      const options = await select.locator('option').evaluateAll((list) => list.map((option) => option.value));
      return select.selectOption(row.kind === 'name' ? 'avatar' : row.name === 'format' ? 'png' : options.at(-1));
    }
    if (row.kind === 'word') return field.locator('.choice button').nth(row.name === 'format' ? 4 : row.name === 'style' || row.name === 'device-type' ? 1 : row.name === 'fit' ? 3 : -1).click();
    const box = field.locator('input.box').first();
    assert.ok(VALUES[row.name] !== undefined || await field.locator('input[type=range]').count(), `${row.name}: a value for the test`);
    if (VALUES[row.name] !== undefined) return box.fill(VALUES[row.name]);
    const slider = field.locator('input[type=range]').first();
    await slider.focus();
    for (let press = 0; press < 12; press += 1) await slider.press('ArrowRight');
  }

  for (const row of rows.filter(({ kind }) => kind !== 'json')) {
    it(`${row.name} changes the URL and the picture`, async () => {
      const base = WHERE[row.name] ?? PLAIN;
      await go(page, base);
      const [pixelsBefore, hashBefore] = [await pixels(page), await resultHash(page)];
      await use(row);
      await page.waitForFunction((name) => new RegExp(`[?&]${name}(=|&|$)`).test(location.hash), row.name);
      await page.waitForFunction((before) => location.hash.slice(1) !== before, base);
      await answered(page, undefined);
      await page.waitForFunction(() => document.querySelector('.stage').dataset.asked === location.hash.slice(1));
      assert.notEqual(await fragment(page), base);
      if (SAME_PIXELS.has(row.name)) assert.notEqual(await resultHash(page), hashBefore);
      else assert.notEqual(await pixels(page), pixelsBefore);
      // its reset takes it away again
      await page.getByRole('button', { name: /^Remove / }).last().waitFor();
      await go(page, base);
      assert.equal(await pixels(page), pixelsBefore);
    });
  }

  it('nothing was written to the console', () => assert.deepEqual(session.errors, []));
});
