// Strips that play where they are: while they are pointed at, unless somebody wants no motion, or once they are chosen.
// Without this they lead to the film itself.
const calm = matchMedia("(prefers-reduced-motion: reduce)");

function play(strip) {
  let film = strip.querySelector("video");
  if (!film) {
    film = document.createElement("video");
    Object.assign(film, { src: strip.href, muted: true, loop: true, playsInline: true });
    strip.querySelector("img").after(film);
  }
  film.hidden = false;
  film.play().then(() => strip.toggleAttribute("data-plays", true), () => rest(strip));
}

function rest(strip) {
  const film = strip.querySelector("video");
  film?.pause();
  if (film) film.hidden = true;
  strip.removeAttribute("data-plays");
}

for (const strip of document.querySelectorAll("[data-sample]")) {
  strip.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const isChosen = strip.toggleAttribute("data-chosen");
    isChosen ? play(strip) : rest(strip);
  });
  strip.addEventListener("pointerenter", (event) => {
    if (event.pointerType === "mouse" && !calm.matches) play(strip);
  });
  strip.addEventListener("pointerleave", () => {
    if (!strip.hasAttribute("data-chosen")) rest(strip);
  });
}
