// Watches one job. The page is complete without this; it only spares the reader from reloading.
const root = document.querySelector("[data-events]");
if (root) {
  const steps = document.querySelector("#steps"), bar = document.querySelector("#bar"), percent = document.querySelector("#percent");
  const words = document.querySelector("#words");
  const inkOf = kind => /illustrate/.test(kind) ? "image" : /compose|pdf|epub/.test(kind) ? "layout" : "text";
  const line = (key, data) => {
    let item = steps.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!item && data.title) {
      item = document.createElement("li");
      item.dataset.key = key;
      item.dataset.ink = inkOf(data.kind || "");
      item.append(document.createElement("i"), document.createElement("span"));
      item.lastChild.textContent = data.title;
      steps.append(item);
    }
    return item;
  };
  const source = new EventSource(root.dataset.events);
  const on = (type, act) => source.addEventListener(type, message => {
    const data = JSON.parse(message.data).data;
    if (data.progress !== undefined) { bar.value = data.progress; percent.textContent = Math.round(data.progress * 100) + "%"; }
    act(data);
  });
  const state = name => data => { const item = line(data.key, data); if (item) { item.dataset.state = name; if (name === "running") item.scrollIntoView({ block: "nearest" }); } };
  on("step.started", data => { if (data.kind && data.kind.startsWith("books.write")) words.textContent = ""; state("running")(data); });
  on("step.completed", state("completed"));
  on("step.reused", state("reused"));
  on("step.failed", state("failed"));
  on("step.cancelled", state("cancelled"));
  on("step.retrying", state("ready"));
  on("step.text", data => { words.textContent = (words.textContent + data.text).slice(-1200); });
  for (const end of ["job.completed", "job.failed", "job.cancelled"]) on(end, () => { source.close(); location.reload(); });
}
