// The editor is whole without this: it writes in place, turns with the keyboard and sketches as choices are made.
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// Turning: arrow keys, unless somebody writes or chooses.
const turns = { ArrowLeft: document.dir === "rtl" ? "next" : "prev", ArrowRight: document.dir === "rtl" ? "prev" : "next" };
document.addEventListener("keydown", event => {
  const rel = turns[event.key];
  if (!rel || event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input, select, textarea, [contenteditable]")) return;
  document.querySelector(`.turn [rel=${rel}]`)?.click();
});
document.querySelector(".rail [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// Whether the lines are shown is remembered, where the browser keeps anything.
const guides = document.querySelector("#guides");
if (guides) {
  try {
    guides.checked = localStorage.guides === "on";
    guides.addEventListener("change", () => { localStorage.guides = guides.checked ? "on" : "off"; });
  } catch { /* it keeps nothing */ }
}

// Words: the field and the page are one text. What was not saved is not left by mistake.
const written = new Set();
const parts = text => text.split(/\n\s*\n/).map(part => part.trim().replace(/\s+/g, " ")).filter(Boolean);
const writable = (line, field) => {
  line.contentEditable = "plaintext-only";
  line.setAttribute("role", "textbox");
  line.setAttribute("aria-label", field.labels[0].firstElementChild.firstChild.textContent.trim());
  return line;
};
for (const form of all("form[data-title]")) {
  const field = form.elements.title, first = field.value;
  const head = document.querySelector(`.set[data-place="${form.dataset.title}"] > .head`);
  const note = () => { field.value === first ? written.delete(form) : written.add(form); };
  form.addEventListener("submit", () => written.delete(form));
  field.addEventListener("input", () => {
    if (head) head.textContent = field.value;
    note();
  });
  if (!head || field.readOnly || head.textContent.trim() !== first) continue;
  writable(head, field);
  head.addEventListener("keydown", event => { if (event.key === "Enter") event.preventDefault(); });
  head.addEventListener("input", () => {
    field.value = head.innerText.replace(/\s+/g, " ").trim();
    note();
  });
}
for (const form of all("form[data-words]")) {
  const field = form.elements.words, told = form.querySelector(".fit"), first = field.value;
  const set = document.querySelector(`.set[data-place="${form.dataset.words}"]`);
  const lines = () => all(":scope > p:not(.head)", set);
  const same = () => JSON.stringify(lines().map(line => line.textContent.trim())) === JSON.stringify(parts(field.value));
  const note = () => {
    field.value === first ? written.delete(form) : written.add(form);
    if (set) told.textContent = set.offsetHeight > Number(set.dataset.room) ? told.dataset.tight : "";
  };
  form.addEventListener("submit", () => written.delete(form));
  field.addEventListener("input", () => {
    if (set) {
      const head = set.querySelector(".head"), now = parts(field.value).map(text => editable(text));
      set.replaceChildren(...(head ? [head] : []), ...now);
    }
    note();
  });
  const editable = text => {
    const line = document.createElement("p");
    line.textContent = text;
    if (!field.readOnly) writable(line, field).setAttribute("aria-multiline", "true");
    return line;
  };
  // Letters that have no shape in the book's faces are shown as others: such a page is changed in the field alone.
  if (set && same()) {
    for (const line of lines()) line.replaceWith(editable(line.textContent));
    set.addEventListener("input", event => {
      if (event.target.matches(".head")) return;
      field.value = lines().map(line => line.innerText.trim()).filter(Boolean).join("\n\n");
      note();
    });
  }
  // What is measured before the letters of the book are there is too tall; measuring asks for them.
  void set?.offsetHeight;
  document.fonts.ready.then(note);
}
addEventListener("beforeunload", event => { if (written.size) event.preventDefault(); });

for (const field of all("textarea[name=told]")) {
  const first = field.value;
  field.addEventListener("input", () => { field.value === first ? written.delete(field) : written.add(field); });
  field.form.addEventListener("submit", () => written.delete(field));
}

// Sketches: what is chosen is drawn small, a moment after the last choice.
for (const form of all("form[data-sketch]")) {
  const figure = form.querySelector(".sketch"), failed = form.querySelector("[data-failed]");
  const image = figure ? figure.querySelector("img") : form.parentElement.querySelector(".who img");
  let timer;
  image.addEventListener("load", () => { failed.hidden = true; if (figure) figure.hidden = false; });
  image.addEventListener("error", () => { failed.hidden = false; });
  form.addEventListener("input", event => {
    if (event.target.name === "told") return;  // what is said of a picture is no choice of what it shows
    clearTimeout(timer);
    timer = setTimeout(() => { image.src = `${form.dataset.sketch}?${new URLSearchParams(new FormData(form))}`; }, 300);
  });
}
