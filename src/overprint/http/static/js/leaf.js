// Turns the pages of the book at the door. Without this the strip scrolls by itself.
const leafing = document.querySelector("[data-leafing]");
const strip = leafing.querySelector(".strip"), turn = leafing.querySelector("[data-turn]"), where = turn.querySelector("[data-where]");
const isCalm = matchMedia("(prefers-reduced-motion: reduce)");
const button = name => turn.querySelector(`[data-do="${name}"]`);
const shown = () => [...strip.children].filter(page => page.offsetWidth);
const across = () => Math.max(1, Math.round(strip.clientWidth / shown()[0].offsetWidth));
const stride = () => (shown()[1].offsetLeft - shown()[0].offsetLeft) * across();
const isAtEnd = () => Math.abs(strip.scrollLeft) + strip.clientWidth > strip.scrollWidth - 4;
const at = () => isAtEnd() ? last() : Math.round(strip.scrollLeft / stride());
const last = () => Math.ceil(shown().length / across()) - 1;

const show = () => {
  const here = at(), end = last();
  button("back").disabled = here <= 0;
  button("on").disabled = here >= end;
  where.textContent = where.dataset.words.replace("{page}", here + 1).replace("{all}", end + 1);
};
const go = by => {
  const page = shown()[Math.max(0, Math.min(last(), at() + by)) * across()];
  page.scrollIntoView({ behavior: isCalm.matches ? "instant" : "smooth", block: "nearest", inline: "start" });
};
const isFromRight = getComputedStyle(strip).direction === "rtl";
const KEYS = { ArrowRight: isFromRight ? -1 : 1, ArrowLeft: isFromRight ? 1 : -1, PageDown: 1, PageUp: -1, Home: -1000, End: 1000 };

turn.addEventListener("click", event => {
  const pressed = event.target.closest("[data-do]");
  if (pressed) go(pressed.dataset.do === "on" ? 1 : -1);
});
strip.addEventListener("keydown", event => {
  if (!KEYS[event.key] || event.target !== strip || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  go(KEYS[event.key]);
});
// A press on the right page turns on, on the left one back, as with a book.
strip.addEventListener("click", event => {
  if (event.target.closest("img") && across() > 1) go(event.clientX > strip.getBoundingClientRect().left + strip.clientWidth / 2 ? 1 : -1);
});
let settling;
strip.addEventListener("scroll", () => { clearTimeout(settling); settling = setTimeout(show, 60); }, { passive: true });
addEventListener("resize", show);
turn.hidden = false;
show();
