// Makes and shows passkeys for the forms that ask for one; without this they stay hidden, and the page says what to do.
const bytes = text => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), sign => sign.charCodeAt(0));
const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const known = list => (list || []).map(each => ({...each, id: bytes(each.id)}));

const ask = async (path, body) => {
  const answer = await fetch(`/api/auth/passkeys${path}`, {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(body)});
  const said = answer.status === 204 ? {} : await answer.json();
  if (answer.ok) return said;
  if (said.code === "not_confirmed") location.assign(`/confirm?next=${encodeURIComponent(location.pathname)}`);
  throw new Error([said.title, said.detail].filter(Boolean).join(" "));
};

const plain = made => {
  const response = {clientDataJSON: text(made.response.clientDataJSON)};
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"])
    if (made.response[part]) response[part] = text(made.response[part]);
  if (made.response.getTransports) response.transports = made.response.getTransports();
  return {id: made.id, rawId: text(made.rawId), type: made.type, response};
};

const show = async path => {
  const {public_key: asked} = await ask(`${path}/options`, {});
  const publicKey = {...asked, challenge: bytes(asked.challenge), allowCredentials: known(asked.allowCredentials)};
  await ask(path, {credential: plain(await navigator.credentials.get({publicKey}))});
};

const acts = {
  login: () => show("/login"),
  confirm: () => show("/confirm"),
  add: async form => {
    const {public_key: asked} = await ask("/options", {});
    const user = {...asked.user, id: bytes(asked.user.id)};
    const publicKey = {...asked, user, challenge: bytes(asked.challenge), excludeCredentials: known(asked.excludeCredentials)};
    const credential = plain(await navigator.credentials.create({publicKey}));
    await ask("", {name: form.elements.name.value, credential});
  },
};

for (const form of document.querySelectorAll("[data-passkey]")) {
  const said = form.querySelector("[data-said]"), button = form.querySelector("button");
  const {passkey, next, origin, elsewhere, unknown, nothing} = form.dataset;
  form.hidden = false;
  if (!window.PublicKeyCredential || location.origin !== origin) {
    for (const part of form.querySelectorAll("label, button")) part.hidden = true;
    said.textContent = location.origin === origin ? unknown : elsewhere.replace("{path}", location.pathname);
  }
  form.addEventListener("submit", async event => {
    event.preventDefault();
    button.disabled = true;
    said.textContent = "";
    try {
      await acts[passkey](form);
      if (next) location.assign(next); else location.reload();
    } catch (error) {
      said.textContent = error.name === "NotAllowedError" ? nothing : error.message;
    }
    button.disabled = false;
  });
}
