// Brings each new drawing of the page into the page in place. Without this file everything still works, by reloading.

const parser = new DOMParser();
let sent = false; // whether the answer that is awaited is that of a modal's submission
let queue = Promise.resolve(); // visits, acts and news: one after the other, in the order in which they came

// --- drawing -----------------------------------------------------------------------------------------------------

const callbacks = {
  beforeNodeMorphed: (before, after) => !isKept(before, after),
  beforeAttributeUpdated: (name, node) => !(name === "open" && node.matches("details")),
};

// idiomorph leaves all that is inside the active element alone: right for a field, but a button may change its label.
function keeping() {
  return { callbacks, ignoreActiveValue: document.activeElement?.matches("input, textarea, select") ?? false };
}

// What only this window knows: the draft of this very conversation, what an external select was searched for.
function isKept(before, after) {
  if (!(before instanceof Element)) return false;
  if (before.matches("textarea[data-draft]")) return before.dataset.draft === after.dataset?.draft;
  return before.matches("[data-kept]") && before.id === after.id && before.name === after.name;
}

function draw(html, address) {
  const page = parser.parseFromString(html, "text/html");
  const logs = [...document.querySelectorAll("[data-bottom]")].map((log) => [log.id, log.dataset.bottom, atBottom(log)]);
  const written = new Map([...document.querySelectorAll("textarea[data-draft]")].map((text) => [text, text.dataset.draft]));
  const focused = document.activeElement?.id;
  const before = document.querySelector("dialog[data-drawing]");
  const drawing = before?.dataset.drawing;
  document.title = page.title;
  const place = new URL(address).pathname !== location.pathname;
  if (address !== location.href) history[place ? "pushState" : "replaceState"](null, "", address);
  Idiomorph.morph(document.body, page.body, { morphStyle: "outerHTML", ...keeping() });
  if (list && !list.isConnected) closeCommands();
  openDialogs();
  const modal = document.querySelector("dialog[data-drawing]");
  if (sent && modal && modal === before) begin(modal, modal.dataset.drawing !== drawing);
  sent = false;
  for (const log of document.querySelectorAll("[data-bottom]")) {
    const known = logs.find(([id, bottom]) => id === log.id && bottom === log.dataset.bottom);
    if (!known || known[2]) log.scrollTop = log.scrollHeight;
  }
  restoreDrafts(written);
  if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus();
}

function atBottom(log) {
  return log.scrollHeight - log.scrollTop - log.clientHeight < 60;
}

function openDialogs() {
  for (const dialog of document.querySelectorAll("dialog[data-modal]")) {
    if (dialog.matches(":modal")) continue;
    dialog.close();
    dialog.showModal();
    begin(dialog, true);
  }
}

// The first thing to fill in has the focus, unless one would have to scroll past what must be read before.
function begin(dialog, fresh) {
  const controls = ":is(input:not([type=hidden]), select, textarea)";
  const body = dialog.querySelector(".body");
  const wrong = dialog.querySelector(`.invalid ${controls}`);
  if (wrong || !fresh) {
    wrong?.focus();
    return;
  }
  body.scrollTop = 0;
  const first = dialog.querySelector("[autofocus]") ?? body.querySelector(controls);
  const visible = first && first.getBoundingClientRect().bottom <= body.getBoundingClientRect().bottom;
  (visible ? first : body.querySelector(controls) ? body : dialog.querySelector(".foot button")).focus();
}

// --- asking ------------------------------------------------------------------------------------------------------

function ask(address, options = {}) {
  queue = queue.then(() => fetchAndDraw(address, options));
  return queue;
}

async function fetchAndDraw(address, options) {
  document.documentElement.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address ?? location.href, { headers: { accept: "text/html" }, ...options });
    draw(await answer.text(), answer.url);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    offline(true); // the sandbox does not answer
  } finally {
    document.documentElement.removeAttribute("aria-busy");
  }
}

function act(address, data) {
  return ask(address, { method: "POST", body: data });
}

function visit(address) {
  for (const open of document.querySelectorAll(":popover-open")) open.hidePopover();
  return ask(address).then(() => point(new URL(address, location.href).hash.slice(1)));
}

// A link to a message leads to it, not to the end of its conversation.
function point(id) {
  const target = id && document.getElementById(id);
  if (!target) return;
  target.scrollIntoView({ block: "center" });
  target.classList.add("pointed");
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (link && !link.target && !link.hasAttribute("download") && plainClick(event) && link.origin === location.origin) {
    if (!link.pathname.startsWith("/page") || link.getAttribute("href").startsWith("#")) return;
    event.preventDefault();
    visit(link.href);
  }
  const opening = event.target.closest("button[data-url]");
  if (opening?.dataset.url.startsWith("/page/")) setTimeout(() => visit(opening.dataset.url)); // after its press
  else if (opening) window.open(opening.dataset.url, "_blank", "noopener");
});

function plainClick(event) {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.defaultPrevented;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  const address = new URL(button?.getAttribute("formaction") ?? form.getAttribute("action"), location.href);
  event.preventDefault();
  if (form.method === "get") {
    address.search = new URLSearchParams(new FormData(form)).toString();
    visit(address);
    return;
  }
  const data = new FormData(form, button);
  for (const open of form.closest(":popover-open") ? [form.closest(":popover-open")] : []) open.hidePopover();
  for (const open of form.querySelectorAll(":popover-open")) open.hidePopover();
  if (form.matches("[data-composer]")) emptyComposer(form);
  if (address.pathname.endsWith("/submit")) queue = queue.then(() => (sent = true));
  button?.setAttribute("aria-busy", "true");
  act(address, data).finally(() => button?.removeAttribute("aria-busy"));
});

// A control tells the server at once what it holds, so that every window shows the same.
document.addEventListener("change", (event) => {
  const control = event.target;
  if (control.matches("[data-send]")) control.form.requestSubmit();
  if (!control.dataset.key || !control.form) return;
  const data = new FormData();
  for (const [name, value] of new FormData(control.form)) {
    if (["here", "surface", "view", "channel", "ts", control.name, `query/${control.dataset.key}`].includes(name)) data.append(name, value);
  }
  data.append("changed", control.dataset.key);
  const address = new URL(control.form.getAttribute("action").replace(/\/submit$/, "/press"), location.href);
  act(address, data).then(() => {
    if (control.type === "file") control.value = "";
  });
});

// --- live --------------------------------------------------------------------------------------------------------

let waiting = false;
let changes = null;

// A browser keeps few connections to one address: a window that nobody sees lets its own go.
function listen() {
  changes?.close();
  changes = null;
  if (document.hidden) return;
  changes = new EventSource("/page/live");
  changes.onmessage = () => {
    offline(false);
    if (waiting) return;
    waiting = true;
    queue = queue.then(() => {
      waiting = false;
    });
    ask();
  };
  changes.onerror = () => offline(true);
}

document.addEventListener("visibilitychange", listen);

function offline(is) {
  document.documentElement.classList.toggle("offline", is);
}

addEventListener("popstate", () => ask());

setInterval(() => {
  if (!waiting && !document.hidden && document.querySelector("#now[data-running]")) ask();
}, 20000);

// --- writing -----------------------------------------------------------------------------------------------------

const drafts = new Map();

function restoreDrafts(written) {
  for (const text of document.querySelectorAll("textarea[data-draft]")) {
    if (written.get(text) === text.dataset.draft) continue;
    text.value = drafts.get(text.dataset.draft) ?? "";
    grow(text);
  }
}

function emptyComposer(form) {
  const text = form.querySelector("textarea");
  drafts.delete(text.dataset.draft);
  text.value = "";
  grow(text);
  const files = form.querySelector("input[type=file]");
  if (files) files.value = "";
  attached(form);
  closeCommands();
}

function grow(text) {
  text.rows = Math.min(10, Math.max(1, text.value.split("\n").length));
}

function attached(form) {
  const files = form.querySelector("input[type=file]").files;
  const label = form.querySelector(".attach span:last-child");
  label.textContent = files.length ? [...files].map((file) => file.name).join(", ") : "Joindre";
}

document.addEventListener("input", (event) => {
  const field = event.target;
  if (field.matches("textarea[data-draft]")) {
    drafts.set(field.dataset.draft, field.value);
    grow(field);
    complete(field);
  }
  if (field.matches("[data-suggest]")) suggest(field);
  if (field.matches("[data-composer] input[type=file]")) attached(field.form);
});

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (field.matches?.("textarea[data-draft]")) {
    if (completing(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (field.value.trim() || field.form.querySelector("input[type=file]").files.length) field.form.requestSubmit();
    }
  }
});

document.addEventListener("cancel", (event) => {
  if (!event.target.matches?.("dialog[data-modal]")) return;
  event.preventDefault();
  event.target.querySelector("[data-cancel]").click();
}, true);

// --- slash commands ----------------------------------------------------------------------------------------------

let list = null;

function complete(field) {
  const typed = field.value;
  closeCommands();
  if (!typed.startsWith("/") || typed.includes("\n")) return;
  const wanted = typed.split(" ")[0];
  const exact = typed.includes(" ");
  const fitting = [...document.querySelectorAll("#commands li")].filter((entry) =>
    exact ? entry.dataset.command === wanted : entry.dataset.command.startsWith(wanted));
  if (!fitting.length) return;
  list = document.createElement("ul");
  list.id = "completions";
  list.className = "completions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Commandes");
  list.dataset.kept = "";
  fitting.forEach((entry, index) => {
    const option = document.createElement("li");
    option.id = `completion-${index}`;
    option.setAttribute("role", "option");
    option.dataset.command = entry.dataset.command;
    option.append(...[...entry.childNodes].map((node) => node.cloneNode(true)));
    option.addEventListener("mousedown", (event) => {
      event.preventDefault();
      take(field, option);
    });
    list.append(option);
  });
  field.form.prepend(list);
  field.setAttribute("aria-controls", "completions");
  choose(field, exact ? -1 : 0);
}

function choose(field, index) {
  const options = [...list.children];
  options.forEach((option, at) => option.setAttribute("aria-selected", at === index ? "true" : "false"));
  const chosen = options[index];
  if (chosen) {
    field.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  } else field.removeAttribute("aria-activedescendant");
}

function completing(event) {
  if (!list?.isConnected) return false;
  const options = [...list.children];
  const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "Escape") closeCommands();
  else if (event.key === "ArrowDown") choose(event.target, (at + 1) % options.length);
  else if (event.key === "ArrowUp") choose(event.target, (at - 1 + options.length) % options.length);
  else if ((event.key === "Tab" || event.key === "Enter") && at >= 0 && options[at].dataset.command !== event.target.value.trim())
    take(event.target, options[at]);
  else return false;
  event.preventDefault();
  return true;
}

function take(field, option) {
  field.value = option.querySelector(".hint") ? `${option.dataset.command} ` : option.dataset.command;
  drafts.set(field.dataset.draft, field.value);
  complete(field);
}

function closeCommands() {
  list?.remove();
  list = null;
  const field = document.querySelector("[aria-controls=completions]");
  for (const name of ["aria-controls", "aria-activedescendant"]) field?.removeAttribute(name);
}

// --- external selects --------------------------------------------------------------------------------------------

let typing = 0;

function suggest(field) {
  clearTimeout(typing);
  const offered = [...field.list.options].some((option) => option.value === field.value);
  if (offered || field.value.length < Number(field.dataset.shortest)) return;
  typing = setTimeout(async () => {
    const data = new FormData();
    data.append("action_id", field.dataset.suggest);
    data.append("value", field.value);
    const address = field.form.getAttribute("action").replace(/\/\w+$/, "/suggest");
    const answer = await (await fetch(address, { method: "POST", body: data })).json();
    field.form.elements[`query/${field.dataset.key}`].value = data.get("value");
    field.list.replaceChildren(...answer.options.map((text) => new Option(text, text)));
  }, 200);
}

// --- begin -------------------------------------------------------------------------------------------------------

listen();
openDialogs();
for (const log of document.querySelectorAll("[data-bottom]")) log.scrollTop = log.scrollHeight;
