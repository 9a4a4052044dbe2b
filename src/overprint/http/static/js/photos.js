// Sending a photo: dropped, chosen or taken now, seen before it goes, with a bar while it does. Without this it is a
// form like any other.
for (const form of document.querySelectorAll("[data-photo]")) {
  const at = (name) => form.querySelector(`[data-${name}]`);
  const file = form.elements.file;
  const button = form.querySelector("button");
  const { large, max, reading, lost } = form.dataset;
  const isByHand = matchMedia("(pointer: coarse)").matches;
  [at("hint").hidden, at("camera").hidden] = [isByHand, !isByHand];

  const draw = async (photo) => {
    const chosen = at("chosen");
    const drawn = photo && (await createImageBitmap(photo, { resizeWidth: 480 }).catch(() => null));
    chosen.hidden = !drawn;
    if (!drawn) return;
    [chosen.width, chosen.height] = [drawn.width, drawn.height];
    chosen.getContext("2d").drawImage(drawn, 0, 0);
  };
  const show = () => {
    const [photo] = file.files;
    draw(photo);
    file.setCustomValidity(photo && photo.size > Number(max) ? large : "");
    file.reportValidity();
  };
  const take = (files) => {
    if (!files.length) return;
    const one = new DataTransfer();
    one.items.add(files[0]);
    file.files = one.files;
    show();
  };
  file.addEventListener("change", show);
  at("camera").querySelector("input").addEventListener("change", (event) => take(event.target.files));

  const drop = at("drop");
  for (const kind of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", kind === "dragover");
      if (kind === "drop") take(event.dataTransfer.files);
    });
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const [bar, said] = [at("going").querySelector("progress"), at("said")];
    at("going").hidden = false;
    button.disabled = true;
    const request = new XMLHttpRequest();
    request.responseType = "document";
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      bar.value = loaded / (total || 1);
      if (loaded === total) said.textContent = reading;
    });
    request.addEventListener("error", () => {
      at("going").hidden = true;
      button.disabled = false;
      file.setCustomValidity("");
      button.insertAdjacentHTML("afterend", "<p class=wrong role=alert></p>");
      button.nextElementSibling.textContent = lost;
    });
    request.addEventListener("load", () => {
      if (request.status < 300 && new URL(request.responseURL).pathname !== "/photos") return location.assign(request.responseURL);
      const wrong = request.response?.querySelector("[role=alert]");
      at("going").hidden = true;
      button.disabled = false;
      form.previousElementSibling?.matches("[role=alert]") && form.previousElementSibling.remove();
      if (wrong) form.prepend(document.adoptNode(wrong));
      else location.assign("/photos");
    });
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "text/html");
    request.send(new FormData(form));
  });
}
