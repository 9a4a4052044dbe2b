// The library: filters that send themselves, a count of what is ticked, uploads that tell how far they are, and a
// drawer for one file. Without this file everything is done by forms and links.

for (const form of document.querySelectorAll("[data-sends]")) {
  form.addEventListener("change", (event) => event.target.matches("select") && form.requestSubmit());
}

for (const form of document.querySelectorAll(".pickable")) {
  const count = form.querySelector("[data-count]");
  if (!count) continue;
  form.addEventListener("change", () => {
    const chosen = form.querySelectorAll("[name=pick]:checked").length;
    count.value = chosen === 0 ? "" : chosen === 1 ? count.dataset.one : count.dataset.many.replace("{}", chosen);
  });
}

function send(form, file, line) {
  return new Promise((done) => {
    const bar = line.querySelector("progress");
    const told = line.querySelector("span");
    const parts = new FormData();
    parts.append("file", file);
    if (form.elements.project) parts.append("project_id", form.elements.project.value);
    const request = new XMLHttpRequest();
    const end = (isKept, words) => {
      bar.remove();
      told.textContent = words;
      line.dataset.state = isKept ? "kept" : "failed";
      done(isKept);
    };
    request.upload.addEventListener("progress", ({ loaded, total }) => (bar.value = loaded / (total || 1)));
    request.addEventListener("error", () => end(false, form.dataset.lost));
    request.addEventListener("load", () => {
      if (request.status < 300) return end(true, form.dataset.done);
      let words = form.dataset.failed;
      try {
        const { title, detail } = JSON.parse(request.responseText);
        if (title) words = [title, detail].filter(Boolean).join(" ");
      } catch {}
      end(false, words);
    });
    request.open("POST", form.dataset.upload);
    request.send(parts);
  });
}

for (const form of document.querySelectorAll("[data-upload]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const list = form.querySelector(".sending");
    const [button, input] = [form.querySelector("button"), form.elements.file];
    list.hidden = false;
    list.replaceChildren();
    button.disabled = true;
    const lines = [...input.files].map((file) => {
      const line = list.appendChild(document.createElement("li"));
      line.append(file.name, document.createElement("span"), document.createElement("progress"));
      line.lastChild.setAttribute("aria-label", file.name);
      return line;
    });
    const kept = [];
    for (const [number, file] of [...input.files].entries()) kept.push(await send(form, file, lines[number]));
    button.disabled = false;
    const things = kept.filter(Boolean).length;
    if (things && things === kept.length) {
      const here = new URL(location.href);
      here.search = new URLSearchParams({ ...Object.fromEntries(here.searchParams), did: "uploaded", things });
      location.assign(here);
    }
  });
}

const drawer = document.querySelector(".drawer");
if (drawer) {
  const drawn = drawer.querySelector("[data-drawn]");
  const show = async (address, options) => {
    const answer = await fetch(address, options);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const file = page.querySelector("#file");
    if (!file) throw new Error("no file there");
    drawn.replaceChildren(document.adoptNode(file));
    if (!drawer.open) drawer.showModal();
    drawer.querySelector("#file-title").focus();
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-drawer]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    show(link.href).catch(() => location.assign(link.href));
  });
  drawn.addEventListener("submit", (event) => {
    event.preventDefault();
    const { action } = event.target;
    event.submitter.disabled = true;
    show(action, { method: "POST" }).catch(() => event.target.submit());
  });
  drawer.addEventListener("click", (event) => event.target === drawer && drawer.close());
}
