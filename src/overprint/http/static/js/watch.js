// Watches one job. The page is complete without this; it only spares the reader from reloading.
const root = document.querySelector("[data-job]");
if (root) {
  const find = selector => document.querySelector(selector);
  const steps = find("#steps"), bar = find("#bar"), percent = find("#percent"), words = find("#words"), waiting = find("#waiting");
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
  const source = new EventSource(`${root.dataset.job}/events?after=${root.dataset.seen}`);
  const on = (type, act) => source.addEventListener(type, message => {
    const data = JSON.parse(message.data).data;
    if (data.progress !== undefined) { bar.value = data.progress; percent.textContent = Math.round(data.progress * 100) + "%"; }
    act(data);
  });
  const state = name => data => { const item = line(data.key, data); if (item) item.dataset.state = name; };
  on("step.started", data => {
    waiting.hidden = true;
    state("running")(data);
  });
  on("step.completed", state("completed"));
  on("step.reused", state("reused"));
  on("step.failed", state("failed"));
  on("step.cancelled", state("cancelled"));
  on("step.retrying", state("ready"));
  let followed = "";  // chapters may be written side by side; one at a time is shown
  on("step.text", data => {
    const now = steps.querySelector(`[data-key="${CSS.escape(followed)}"][data-state=running]`) ? followed : data.key;
    if (!data.key.startsWith("text/") || data.key !== now) return;
    words.textContent = (now === followed ? words.textContent : "") + data.text;
    followed = now;
  });
  setInterval(async () => {  // how long it still waits is no event of the job
    if (steps.querySelector("[data-state=running]")) return;
    const answer = await fetch(root.dataset.job).catch(() => null);
    const expected = answer && answer.ok ? (await answer.json()).waiting : null;
    waiting.hidden = !expected;
    waiting.textContent = expected ? expected.words : "";
  }, 4000);
  for (const end of ["job.completed", "job.failed", "job.cancelled"]) on(end, () => { source.close(); location.reload(); });
}
