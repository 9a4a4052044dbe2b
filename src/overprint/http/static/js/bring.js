// Brings a file as soon as it is chosen, dropped or taken, with a bar while it goes, and has the form name it. Without
// this the file goes along with the form.
for (const part of document.querySelectorAll("[data-bring]")) {
  const at = name => part.querySelector(`[data-${name}]`);
  const form = part.closest("form"), said = at("said"), going = at("going"), brought = at("brought");
  const inputs = [...part.querySelectorAll("[type=file]")], camera = at("camera");
  if (camera) camera.hidden = !matchMedia("(pointer: coarse)").matches;

  const tell = words => { said.textContent = words; };
  const told = request => {
    try {
      const { title, detail } = JSON.parse(request.responseText);
      return [title, detail].filter(Boolean).join(" ");
    } catch { return part.dataset.lost; }
  };
  const show = asset => {
    const tick = brought.querySelector("input");
    const picture = brought.querySelector("img");
    if (picture) picture.src = asset.thumbnail_url || asset.url;
    at("name").textContent = asset.name;
    [tick.value, tick.checked, brought.hidden] = [asset.id, true, false];
    tick.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const bring = file => {
    if (!file) return;
    for (const input of inputs) input.value = "";  // it does not go along a second time
    if (file.size > Number(part.dataset.max)) { tell(part.dataset.large); return; }
    const request = new XMLHttpRequest(), body = new FormData();
    body.append("file", file);
    const go = isGoing => {
      going.hidden = !isGoing;
      for (const button of form.querySelectorAll("button:not([type=button])")) button.disabled = isGoing;
    };
    const end = () => go(false);
    go(true);
    request.upload.addEventListener("progress", ({ loaded, total }) => { going.value = loaded / (total || 1); });
    request.addEventListener("error", () => { end(); tell(part.dataset.lost); });
    request.addEventListener("load", () => {
      end();
      if (request.status >= 300) { tell(told(request)); return; }
      show(JSON.parse(request.responseText));
      tell(part.dataset.kept);
    });
    request.open("POST", part.dataset.bring);
    request.send(body);
  };
  for (const input of inputs) input.addEventListener("change", () => bring(input.files[0]));
  for (const kind of ["dragover", "drop"]) part.addEventListener(kind, event => {
    event.preventDefault();
    if (kind === "drop") bring(event.dataTransfer.files[0]);
  });
}
