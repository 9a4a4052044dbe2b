// Keeps the frame of the studio, and books that were opened to be read, for when there is no network.
// SHELL and VERSION stand before this when it is served.
const FRAMES = "overprint-frame-", FRAME = FRAMES + VERSION, BOOKS = "overprint-books";
const BOOKS_MAX = 20, FILES_MAX = 1500;
const GONE = [403, 404, 410];
const isBook = url => /^\/(books\/[^/]+\/read|read\/[^/]+)$/.test(url.pathname);
const pathOf = key => new URL(key.url).pathname;
const isPage = key => isBook(new URL(key.url));

addEventListener("install", event => event.waitUntil(
  caches.open(FRAME).then(frame => frame.addAll(SHELL)).then(() => skipWaiting())));
addEventListener("activate", event => event.waitUntil(tidy().then(() => clients.claim())));
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
    return await caches.match(url.pathname, { cacheName: BOOKS }) || await caches.match("/offline", { cacheName: FRAME });
  }
};

// Only a book that somebody asked to keep is kept: the reader puts it there, and here its words stay up to date.
const renew = async (path, answer) => {
  const books = await caches.open(BOOKS);
  if (await books.match(path)) await books.put(path, answer);  // a cut line leaves what was there
  for (;;) {  // the one that was not opened for longest goes first, and goes whole
    await tidy();
    const keys = await books.keys(), kept = keys.filter(isPage);
    if (kept.length <= BOOKS_MAX && keys.length - kept.length <= FILES_MAX || kept.length < 2) break;
    await books.delete(kept[0]);
  }
};
// Whoever left a team, or whose book was thrown away or whose link taken back, does not go on reading it from here.
const forget = async path => {
  if (await (await caches.open(BOOKS)).delete(path)) await tidy();
};
// Pictures go that no kept book shows, and frames of earlier programs, unless a book that was kept with one needs it
// until it is opened again. A later program's frame may be filling at this moment: it stands behind ours.
const tidy = async () => {
  const books = await caches.open(BOOKS), keys = await books.keys();
  const words = (await Promise.all(keys.filter(isPage).map(async key => (await books.match(key))?.text()))).join();
  for (const key of keys) if (!isPage(key) && !words.includes(pathOf(key))) await books.delete(key);
  const pathsOf = async name => (await (await caches.open(name)).keys()).map(pathOf);
  const ours = await pathsOf(FRAME), frames = (await caches.keys()).filter(name => name.startsWith(FRAMES));
  for (const name of frames.slice(0, frames.indexOf(FRAME))) {
    const theirs = (await pathsOf(name)).filter(path => path.startsWith("/static/") && !ours.includes(path));
    if (!theirs.some(path => words.includes(path))) await caches.delete(name);
  }
};
