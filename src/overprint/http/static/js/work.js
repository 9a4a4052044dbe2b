// Keeps the page of a work as the server has it, while it is being made. The page is complete without this: it only
// spares reloading. Events say that something changed; what there is now, the server says, and only parts that
// differ are exchanged. Words alone come in the events themselves.
const SOON = 350, WAITING = 5000, RESTING = 20000, PATIENCE = 1500, LONGEST = 30000;
const CHANGES = "queued paused resumed cancelling".split(" ").map(name => `job.${name}`)
  .concat("completed reused failed cancelled skipped retrying".split(" ").map(name => `step.${name}`));
const ENDS = ["job.completed", "job.failed", "job.cancelled"];
const work = document.getElementById("work"), told = document.getElementById("told"), away = document.getElementById("away");

// Links to files are signed anew each time, and what is folded out is the reader's own.
const plain = html => html.replace(/ (src|href)="([^"?]*)[^"]*"/g, ' $1="$2"').replaceAll(' open=""', "");
const mark = part => part.dataset.is ?? plain(part.outerHTML);

function sync(old, fresh) {
  if (!("parts" in old.dataset && "parts" in fresh.dataset)) {
    if (mark(old) === mark(fresh)) return;
    if (old.open) fresh.open = true;
    old.replaceWith(fresh);
    return;
  }
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) old.setAttribute(name, value);
  const parts = [...fresh.children], ids = new Set(parts.map(part => part.id));
  for (const part of [...old.children]) if (!ids.has(part.id)) part.remove();
  parts.forEach((part, place) => {
    const there = old.children[place];
    if (there?.id === part.id) sync(there, part);
    else old.insertBefore(part, there ?? null);
  });
  while (old.children.length > parts.length) old.lastElementChild.remove();  // what now stands elsewhere
}

// Words that were heard behind what the page was made of: told again to parts that are exchanged.
let heard = [];
function say({ seq, key, text }) {
  const part = work.querySelector(`[data-said="${CSS.escape(key)}"]`);
  if (!part || seq <= Number(part.dataset.seq)) return;
  part.dataset.seq = seq;
  const last = part.querySelector("p:last-child");
  const [first, ...more] = ((last?.textContent ?? "") + text).split(/\n\s*\n/);
  if (last) last.textContent = first; else more.unshift(first);
  for (const words of more) part.appendChild(document.createElement("p")).textContent = words;
}

function show(fresh) {
  const focused = document.activeElement, had = work.contains(focused);
  sync(work, fresh);
  heard = heard.filter(words => words.seq > Number(work.dataset.seen ?? Infinity));
  heard.forEach(say);
  document.title = work.dataset.title;
  if (work.dataset.job && work.dataset.job !== job) follow();
  if (had && !work.contains(focused)) (document.getElementById(focused.id) ?? work.querySelector("h1")).focus({ preventScroll: true });
  if (told.dataset.last !== work.dataset.told) told.textContent = told.dataset.last = work.dataset.told;
}

let timer = 0, looking = false, missed = false, delay = SOON;
function soon(after = SOON) { timer ||= setTimeout(look, after); }
async function look() {
  timer = 0;
  if (looking) { missed = true; return; }
  looking = true;
  try {
    const answer = await fetch(place, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("work");
    if (page) { show(page); delay = SOON; }
    else if (answer.status < 429) location.reload();  // it is gone, or we are signed out: the server says so
    else throw new Error(`the page did not come: ${answer.status}`);
  } catch {
    missed = true;
    delay = Math.min(delay * 2, LONGEST);
  }
  looking = false;
  if (missed) { missed = false; soon(delay); }
}

// A finished work may be made again, in another window or by somebody else: then there is a new job to follow.
let job, source, seen = 0, wait = 1000, again = 0, silence = 0, isOver = true;
function follow() {
  clearTimeout(again);
  source?.close();
  ({ job } = work.dataset);
  seen = Number(work.dataset.seen);
  isOver = false;
  connect();
}
function connect() {
  source = new EventSource(`${job}/events?after=${seen}`);
  source.onopen = () => {
    clearTimeout(silence);
    silence = 0;
    wait = 1000;
    if (away.textContent) { away.textContent = ""; soon(); }
  };
  source.onerror = () => {
    silence ||= setTimeout(() => { away.textContent = away.dataset.words; }, PATIENCE);
    if (source.readyState !== EventSource.CLOSED || isOver) return;
    again = setTimeout(connect, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST);
  };
  const on = (type, act) => source.addEventListener(type, message => {
    const event = JSON.parse(message.data);
    if (event.seq <= seen) return;
    seen = event.seq;
    act(event);
  });
  on("step.text", ({ seq, data }) => {
    if (!data.key.startsWith("text/")) return;
    const words = { seq, key: data.key, text: data.text };
    heard.push(words);
    say(words);
  });
  on("step.started", () => soon());
  for (const type of CHANGES) on(type, () => soon());
  for (const type of ENDS) on(type, () => {
    isOver = true;
    source.close();
    soon(0);
  });
}

async function send(event) {
  const form = event.target;
  if (!("liveForm" in form.dataset)) return;
  event.preventDefault();
  const answer = await fetch(form.action, { method: "POST", redirect: "manual" }).catch(() => null);
  if (answer?.type === "opaqueredirect") soon(0); else form.submit();  // the server says what is wrong
}

const place = work.dataset.work;
told.dataset.last = work.dataset.told;
if (work.dataset.job) follow();
work.addEventListener("submit", send);
setInterval(() => { if ("waits" in work.dataset && !isOver) soon(); }, WAITING);
setInterval(() => { if (isOver && !document.hidden) soon(); }, RESTING);
addEventListener("visibilitychange", () => { if (isOver && !document.hidden) soon(0); });
