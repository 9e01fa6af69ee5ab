// The page without a network: its files are kept at the first visit, under the names that the build gave them.
const FILES = [/* files */];
const CACHE = `deckle-${FILES.join().split('').reduce((hash, c) => (hash * 31 + c.charCodeAt(0)) | 0, 7)}`;

addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)).then(() => skipWaiting()));
});
addEventListener('activate', (event) => {
  const forget = async () => {
    for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
    await clients.claim();
  };
  event.waitUntil(forget());
});
addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== 'GET' || origin !== location.origin) return;
  const isPage = pathname === '/demo/' || pathname === '/demo/index.html';
  // the page from the network while there is one, so that a new one is seen; files of a build never change
  if (isPage) event.respondWith(fetch(event.request).catch(() => caches.match('/demo/')));
  else if (FILES.includes(pathname)) event.respondWith(caches.match(pathname).then((kept) => kept ?? fetch(event.request)));
});
