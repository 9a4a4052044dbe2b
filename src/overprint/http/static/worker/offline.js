// Keeps the frame of the studio, and books that were opened to be read, for when there is no network.
// SHELL and VERSION stand before this when it is served.
const FRAME = `overprint-frame-${VERSION}`, BOOKS = "overprint-books";
const BOOKS_MAX = 20, FILES_MAX = 600;
const GONE = [403, 404, 410];
const isBook = url => /^\/(books\/[^/]+\/read|read\/[^/]+)$/.test(url.pathname);

addEventListener("install", event => event.waitUntil(
  caches.open(FRAME).then(frame => frame.addAll(SHELL)).then(() => skipWaiting())));
addEventListener("activate", event => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("overprint-frame-") && name !== FRAME) await caches.delete(name);
  await clients.claim();
})()));
addEventListener("fetch", event => {
  const request = event.request, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(fromFrame(request));
  else if (url.pathname.startsWith("/files/") && request.destination === "image") event.respondWith(picture(request));
  else if (url.pathname.startsWith("/shared/") && request.destination === "image") event.respondWith(shared(request));
  else if (request.mode === "navigate") event.respondWith(page(event, request, url));
});

const fromFrame = async request => await caches.match(request) || fetch(request);

// A file's address holds its content's hash: the same path is the same picture, however its link was signed.
const picture = async request => {
  const known = await caches.match(request, { ignoreSearch: true, cacheName: BOOKS });
  return known || fetch(request);
};

// What somebody shared ends when they say so: it is asked for each time, and found here only without a network.
const shared = async request => {
  try { return await fetch(request); } catch (away) {
    const known = await caches.match(request, { cacheName: BOOKS });
    if (known) return known;
    throw away;
  }
};

const page = async (event, request, url) => {
  try {
    const answer = await fetch(request);
    if (answer.ok && isBook(url)) event.waitUntil(renew(url.pathname, answer.clone()));
    else if (GONE.includes(answer.status) && isBook(url)) event.waitUntil(forget(url.pathname));
    return answer;
  } catch {
    return await caches.match(url.pathname, { cacheName: BOOKS }) || await caches.match("/offline");
  }
};

// Only a book that somebody asked to keep is kept: the reader puts it there, and here its words stay up to date.
const renew = async (path, answer) => {
  const books = await caches.open(BOOKS);
  if (await books.delete(path)) await books.put(path, answer);
  const keys = await books.keys();
  await drop(books, keys.filter(key => isBook(new URL(key.url))), BOOKS_MAX);
  await drop(books, keys.filter(key => !isBook(new URL(key.url))), FILES_MAX);
};
// Whoever left a team, or whose book was thrown away or whose link taken back, does not go on reading it from here.
const forget = async path => {
  const books = await caches.open(BOOKS), kept = await books.match(path);
  if (!kept) return;
  const words = await kept.text();
  for (const key of await books.keys()) if (words.includes(new URL(key.url).pathname)) await books.delete(key);
  await books.delete(path);
};
const drop = async (books, keys, most) => {
  for (const key of keys.slice(0, Math.max(0, keys.length - most))) await books.delete(key);
};
