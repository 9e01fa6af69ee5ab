// A browser, both edges, and what tests ask of the page.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../tests/hosts/support/s3-server.mjs';

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
export const DIST = join(PROJECT, 'demo/dist');
export const SHOTS = join(PROJECT, 'demo/shots');
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) => existsSync(file));
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Why the tests cannot run, or false. */
export const missing = !CHROMIUM ? 'there is no Chromium' : !existsSync(join(DIST, 'index.html')) ? 'run `make demo` first' : false;

/** @returns both edges over copies of some fixtures, and a browser; `close` ends all of it */
export async function start() {
  const folder = await mkdtemp(join(tmpdir(), 'deckle-demo-'));
  await mkdir(join(folder, 'photos'));
  for (const name of ['01.jpg', '02.jpg', '03.jpg', 'alpha.png', 'animation.gif', 'orientation-6.jpg', 'display-p3.jpg', 'ultra-hdr.jpg', 'notes.txt']) await cp(join(PROJECT, 'fixtures', name), join(folder, 'photos', name));
  const [port, workerPort] = [await freePort(), await freePort()];
  const child = spawn(process.execPath, [join(PROJECT, 'local/serve.mjs'), '--photos', join(folder, 'photos'), '--derived', join(folder, 'derived'), '--r2', join(folder, 'r2/r2'), '--port', String(port), '--worker-port', String(workerPort)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  await new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { said += chunk; if (said.includes('Ctrl-C')) resolve(); });
    child.once('close', () => reject(new Error(said)));
  });
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({ executablePath: CHROMIUM, headless: true, args: FLAGS });
  const errors = [];
  return {
    folder, errors, browser,
    origin: `http://127.0.0.1:${port}`, workerOrigin: `http://127.0.0.1:${workerPort}`,
    /** A page whose errors are collected, but for answers that a test asks to fail. */
    async open(path = '/', options = {}) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
      context.setDefaultTimeout(30_000);
      const page = await context.newPage();
      page.on('console', (message) => { if (message.type() === 'error' && !/status of 4\d\d|ERR_INTERNET_DISCONNECTED/.test(message.text())) errors.push(message.text()); });
      page.on('pageerror', (error) => errors.push(error.stack));
      page.on('request', (request) => { if (new URL(request.url()).protocol !== 'blob:' && !request.url().startsWith('data:') && new URL(request.url()).hostname !== '127.0.0.1') errors.push(`a request to ${request.url()}`); });
      await page.goto(`${/^http/.test(path) ? '' : `http://127.0.0.1:${port}`}${path}`);
      return page;
    },
    async close() {
      await browser.close();
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('close', resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export const fragment = (page) => page.evaluate(() => location.hash.slice(1));

/** Waits until the picture is the true answer to what is asked for. */
export async function answered(page, url) {
  await page.waitForFunction((wanted) => {
    const stage = document.querySelector('.stage');
    const image = document.querySelector('img.after');
    const asked = stage?.dataset.asked;
    return asked !== undefined && (wanted === undefined || asked === wanted) && image?.complete && image.naturalWidth > 0 && !document.querySelector('.trouble');
  }, url);
}

/** Goes to what a fragment asks for, without loading the page anew. */
export async function go(page, url) {
  await page.evaluate((to) => { location.hash = to; }, url);
  await answered(page, url);
}

/** Size and pixels of the result, made small, as text that can be compared. */
export const pixels = (page) => page.evaluate(async () => {
  const image = document.querySelector('img.after');
  await image.decode();
  const { naturalWidth: width, naturalHeight: height } = image;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const hash = await crypto.subtle.digest('SHA-256', data);
  return `${width}x${height} ${[...new Uint8Array(hash.slice(0, 8))].join('.')}`;
});

/** The bytes of the result, hashed. */
export const resultHash = (page) => page.evaluate(async () => {
  const bytes = await (await fetch(document.querySelector('img.after').src)).arrayBuffer();
  return [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].join('.');
});

export async function hashOf(url, accept = 'image/avif,image/webp,image/*,*/*;q=0.8') {
  const answer = await fetch(url, { headers: { accept } });
  assert.equal(answer.status, 200, url);
  return [...new Uint8Array(await crypto.subtle.digest('SHA-256', await answer.arrayBuffer()))].join('.');
}

/** Drags with the mouse from the middle of an element. */
export async function drag(page, locator, dx, dy) {
  await locator.scrollIntoViewIfNeeded();
  const box = await locator.boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let step = 1; step <= 6; step += 1) await page.mouse.move(x + (dx * step) / 6, y + (dy * step) / 6);
  await page.mouse.up();
}
