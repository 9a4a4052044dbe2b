// Makes steps of the form, and keeps the price and the first page live. The page is complete without this.
const form = document.querySelector("[data-making]");
if (form) {
  const stages = [...form.querySelectorAll("[data-stage]")], tabs = [...form.querySelectorAll("[data-to]")];
  const steps = form.querySelector("[data-steps]"), deal = form.querySelector(".deal");
  const [back, next] = steps.querySelectorAll("[data-step]"), reckon = form.querySelector("[data-reckon]");
  let at = 0;

  const show = (index, isMoved = true) => {
    at = Math.max(0, Math.min(stages.length - 1, index));
    stages.forEach((stage, number) => { stage.hidden = number !== at; });
    tabs.forEach((tab, number) => {
      tab.toggleAttribute("data-is-done", number < at);
      if (number === at) tab.setAttribute("aria-current", "step"); else tab.removeAttribute("aria-current");
    });
    back.disabled = at === 0;
    next.hidden = at === stages.length - 1;
    history.replaceState(null, "", at ? `#${stages[at].id}` : location.pathname + location.search);
    if (!isMoved) return;
    tabs[at].scrollIntoView({ block: "nearest", inline: "nearest" });
    stages[at].querySelector("h2").focus();
  };
  // What is wrong is shown where it is: a hidden field cannot say so.
  const isSound = () => {
    const wrong = form.querySelector(":is(input, textarea, select):invalid");
    if (!wrong) return true;
    show(stages.indexOf(wrong.closest("[data-stage]")), false);
    return wrong.reportValidity();
  };
  const here = () => [...stages[at].querySelectorAll(":is(input, textarea, select)")].every(field => field.reportValidity());

  // The answer is this very page; what is alive in it takes the place of what is shown.
  const take = page => {
    for (const part of form.ownerDocument.querySelectorAll("[data-live]")) {
      const found = page.querySelector(`[data-live="${part.dataset.live}"]`);
      if (found && found.innerHTML !== part.innerHTML) part.replaceChildren(...found.childNodes);
    }
    wait();
  };
  let asking;
  const ask = async (path, act) => {
    asking?.abort();
    const ours = asking = new AbortController();
    const body = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    if (act) body.set("act", act);
    deal.toggleAttribute("data-is-asking", true);
    try {
      const answer = await fetch(path, { method: "POST", body, signal: ours.signal, headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!page.querySelector("[data-making]")) throw new Error(answer.status);
      take(page);
    } catch (error) {
      if (error.name === "AbortError") return;
      const said = document.createElement("p");
      said.className = "wrong";
      said.textContent = form.dataset.failed;
      form.querySelector("[data-live=deal]").replaceChildren(said);
    }
    if (ours === asking) deal.toggleAttribute("data-is-asking", false);
  };
  let pricing, waiting;
  const price = () => { clearTimeout(pricing); pricing = setTimeout(() => ask(reckon.getAttribute("formaction")), 350); };
  const wait = () => {
    clearTimeout(waiting);
    const again = form.querySelector("[data-again]");
    if (!again) return;
    again.hidden = true;
    waiting = setTimeout(() => ask("/make/sample"), 1500);
  };

  // Of what a work can be made of, one is needed: which, only somebody's choice says.
  const need = () => {
    for (const field of form.querySelectorAll("[data-needed-by]")) {
      field.required = form.elements.begins.value === field.dataset.neededBy;
    }
  };

  form.addEventListener("input", event => {
    if (event.target.name === "begins") need();
    const isPriced = event.target.name && !["premise", "title", "author", "dedication"].includes(event.target.name);
    if (isPriced && event.target.validity.valid) price();
  });
  form.addEventListener("click", event => {
    const pressed = event.target.closest("button, a");
    if (!pressed) return;
    if (pressed.dataset.to) show(stages.findIndex(stage => stage.id === pressed.dataset.to));
    else if (pressed.dataset.step === "-1") show(at - 1);
    else if (pressed.dataset.step === "1" && here()) show(at + 1);
    else if ("premise" in pressed.dataset) {
      event.preventDefault();
      form.elements.premise.value = pressed.textContent;
      form.elements.premise.focus();
    } else if ("sample" in pressed.dataset) {
      event.preventDefault();
      if (isSound()) { pressed.disabled = true; ask("/make/sample", "begin"); }
    } else if (pressed.type === "submit" && !pressed.formNoValidate && !isSound()) event.preventDefault();
  });
  // Enter in a field goes on to the next step, not to the till.
  form.addEventListener("keydown", event => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    if (here()) show(at + 1);
  });

  need();
  form.dataset.isLive = "";
  form.querySelector("[data-stages]").hidden = steps.hidden = false;
  reckon.hidden = true;
  show(Math.max(0, stages.findIndex(stage => `#${stage.id}` === location.hash)), false);
  wait();
}
