// Turns the leaves of a book, and remembers where its reader is. The page is complete without this: leaves scroll.
const reader = document.querySelector("[data-reader]");
const find = selector => reader.querySelector(selector);
const strip = find(".leaves"), slider = find("#slider"), where = find("output[data-where]");
const leaves = [...reader.querySelectorAll(".leaf")];
const isFromRight = strip.dir === "rtl";
const isCalm = matchMedia("(prefers-reduced-motion: reduce)");
const LETTERS = ["smaller", "plain", "larger", "largest"], PAPERS = ["as-it-is", "day", "sepia", "night"];
const KEPT = "overprint-reader";
let at = 0;

// A browser may keep nothing, or what somebody else wrote there.
const recall = name => { try { return JSON.parse(localStorage.getItem(name)) || {}; } catch { return {}; } };
const note = (name, value) => { try { localStorage.setItem(name, JSON.stringify(value)); } catch { /* then not */ } };
const kept = recall(KEPT);
const keep = (name, value) => {
  reader.dataset[name] = kept[name] = value;
  note(KEPT, kept);
};
const button = name => find(`[data-do="${name}"]`);

// What could not be told, because there was no network, is told later.
// Who came by a link is nobody to be told of: the place is kept in the browser alone.
const address = reader.dataset.reader;
const UNTOLD = `${KEPT}-untold-${address || location.pathname}`;
let untold = recall(UNTOLD);
const tell = async body => {
  const telling = untold = { ...untold, ...body };
  note(UNTOLD, untold);
  if (!address) return;
  const answer = await fetch(address, {
    method: "PUT", keepalive: true, headers: { "Content-Type": "application/json" }, body: JSON.stringify(telling),
  }).catch(() => null);
  if (answer?.ok && untold === telling) note(UNTOLD, untold = {});
};
const catchUp = () => Object.keys(untold).length && tell({});
addEventListener("online", catchUp);
catchUp();

const show = index => {
  at = index;
  slider.value = index;
  slider.setAttribute("aria-valuetext", leaves[index].dataset.words);
  where.textContent = leaves[index].dataset.where;
  button("back").disabled = index === 0;
  button("on").disabled = index === leaves.length - 1;
};

const go = (index, isAtOnce = false) => {
  const leaf = leaves[Math.max(0, Math.min(leaves.length - 1, index))];
  const behavior = isAtOnce || isCalm.matches ? "instant" : "smooth";
  leaf.scrollIntoView({ behavior, block: reader.dataset.view === "scroll" ? "start" : "nearest", inline: "center" });
};

let telling;
const arrived = index => {
  if (index === at) return;
  show(index);
  clearTimeout(telling);
  telling = setTimeout(() => tell({ place: leaves[at].dataset.key }), 800);
};
const seen = new IntersectionObserver(entries => {
  for (const entry of entries) if (entry.isIntersecting) arrived(leaves.indexOf(entry.target));
}, { root: strip, rootMargin: "-49% -49% -49% -49%" });

const acts = {
  back: () => go(at - 1),
  on: () => go(at + 1),
  first: () => go(0),
  last: () => go(leaves.length - 1),
  smaller: () => letters(-1),
  larger: () => letters(1),
  paper: () => keep("paper", PAPERS[(PAPERS.indexOf(reader.dataset.paper) + 1) % PAPERS.length]),
  view: () => { const here = at; view(reader.dataset.view === "scroll" ? "pages" : "scroll"); go(here, true); },
  full: () => document.fullscreenElement ? document.exitFullscreen() : reader.requestFullscreen(),
  offline: () => keepBook(),
  mark: () => leaves[at].querySelector(".mark button")?.click(),
};
const letters = by => {
  const now = Math.max(0, Math.min(LETTERS.length - 1, LETTERS.indexOf(reader.dataset.letters) + by));
  keep("letters", LETTERS[now]);
  button("smaller").disabled = now === 0;
  button("larger").disabled = now === LETTERS.length - 1;
};
const view = name => {
  keep("view", name);
  button("view").setAttribute("aria-pressed", name === "scroll");
};

// Links to pictures are good for an hour; a reader who takes longer gets new ones.
let renewed = 0;
strip.addEventListener("error", async event => {
  if (event.target.tagName !== "IMG" || !navigator.onLine || Date.now() - renewed < 10_000) return;
  renewed = Date.now();
  const answer = await fetch(location.pathname).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const image of strip.querySelectorAll("img")) {
    const same = fresh.querySelector(`#${image.closest(".leaf").id} img`);
    if (same) { image.srcset = same.srcset; image.src = same.src; }
  }
}, true);

const BOOKS = "overprint-books";
// A picture in all its sizes: which of them is shown depends on how the device is held.
const sourcesOf = image => [image.src, ...image.srcset.split(", ").filter(Boolean).map(one => one.split(" ")[0])]
  .filter((source, at, all) => all.indexOf(source) === at);
const keepBook = async () => {
  const pressed = button("offline"), books = await caches.open(BOOKS);
  const wanted = [location.pathname, ...[...strip.querySelectorAll("img")].flatMap(sourcesOf)];
  const drop = async () => { for (const address of wanted) await books.delete(address, { ignoreSearch: true }); };
  if (pressed.getAttribute("aria-pressed") === "true") {
    await drop();
    pressed.setAttribute("aria-pressed", "false");
    return;
  }
  pressed.disabled = true;
  try {
    for (const address of wanted) await books.add(address);
    pressed.setAttribute("aria-pressed", "true");
  } catch {
    await drop();  // half a book is none
    where.textContent = reader.dataset.unkept;
  } finally {
    pressed.disabled = false;
  }
};
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/offline-worker.js").then(async () => {
    const last = [...strip.querySelectorAll("img")].at(-1);
    const isKept = last && await caches.match(last.src, { ignoreSearch: true, cacheName: BOOKS });
    button("offline").setAttribute("aria-pressed", !!isKept);
  }).catch(() => { button("offline").hidden = true; });
} else {
  button("offline").hidden = true;
}

const KEYS = {
  ArrowLeft: isFromRight ? "on" : "back", ArrowRight: isFromRight ? "back" : "on", PageUp: "back", PageDown: "on",
  " ": "on", Home: "first", End: "last", f: "full", b: "mark", "+": "larger", "-": "smaller", s: "view",
};
addEventListener("keydown", event => {
  const isScrolled = reader.dataset.view === "scroll" && /^(Page|Arrow|Home|End| )/.test(event.key);
  if (event.ctrlKey || event.metaKey || event.altKey || isScrolled || !KEYS[event.key]) return;
  if (event.target.closest("button, a") && event.key === " " || event.target === slider) return;
  event.preventDefault();
  acts[event.shiftKey && event.key === " " ? "back" : KEYS[event.key]]();
});
reader.addEventListener("click", event => {
  const pressed = event.target.closest("[data-do]");
  if (pressed) acts[pressed.dataset.do]();
});
reader.addEventListener("submit", event => {
  const pressed = event.submitter;
  if (!pressed?.matches(".mark button")) return;
  event.preventDefault();
  pressed.setAttribute("aria-pressed", pressed.getAttribute("aria-pressed") !== "true");
  tell({ marks: [...reader.querySelectorAll(".mark [aria-pressed=true]")].map(one => one.value) });
});
slider.addEventListener("input", () => go(+slider.value, true));
document.addEventListener("fullscreenchange", () => button("full").setAttribute("aria-pressed", !!document.fullscreenElement));

reader.dataset.letters = LETTERS.includes(kept.letters) ? kept.letters : "plain";
reader.dataset.paper = PAPERS.includes(kept.paper) ? kept.paper : PAPERS[0];
letters(0);
view(kept.view === "scroll" ? "scroll" : "pages");
reader.dataset.isLive = "";
find("[data-tools]").hidden = find("[data-foot]").hidden = false;
button("full").hidden = !document.fullscreenEnabled;
const begun = leaves.findIndex(leaf => location.hash ? `#${leaf.id}` === location.hash : leaf.dataset.key === (address ? reader.dataset.place : untold.place));
show(Math.max(0, begun));
go(at, true);
for (const leaf of leaves) seen.observe(leaf);
