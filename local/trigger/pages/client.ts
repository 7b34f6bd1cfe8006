/**
 * The little that pages do by themselves; everything works without it. Live parts: the server says that something
 * changed, the page fetches its live part and puts it in place, keeping what somebody ticked, opened or is typing.
 */
export const client = `
const live = document.querySelector("[data-live]");
let source, stale = false, fetching = false;

async function renew() {
  if (fetching) { stale = true; return; }
  if (document.activeElement?.closest("[data-live] :is(input:not([type=checkbox]), select, textarea)")) { stale = true; return; }
  fetching = true; stale = false;
  try {
    const answer = await fetch(location.href, { headers: { "x-fragment": "live" } });
    if (answer.ok) replace(await answer.text());
    else if (answer.status === 404) source?.close();
  } catch {} finally { fetching = false; }
  if (stale) setTimeout(renew, 500);
}

function replace(text) {
  const next = document.createElement("div");
  next.innerHTML = text;
  for (const box of live.querySelectorAll("input[type=checkbox]:checked")) {
    const same = [...next.querySelectorAll("input[type=checkbox]")].find((one) => one.name === box.name && one.value === box.value);
    if (same) same.checked = true;
  }
  for (const part of live.querySelectorAll("details[id]")) {
    const same = next.querySelector("#" + CSS.escape(part.id));
    if (same) same.open = part.open;
  }
  const focused = live.contains(document.activeElement) ? document.activeElement : null;
  const handle = focused?.id ? "#" + CSS.escape(focused.id) : focused?.getAttribute("href") ? "a[href='" + CSS.escape(focused.getAttribute("href")) + "']" : null;
  const scrolled = [...live.querySelectorAll("pre")].map((pre) => pre.scrollTop);
  live.replaceChildren(...next.childNodes);
  live.querySelectorAll("pre").forEach((pre, index) => { pre.scrollTop = scrolled[index] ?? 0; });
  if (handle) live.querySelector(handle)?.focus({ preventScroll: true });
  if (live.querySelector("[data-over]")) source?.close();
  tally();
}

function listen() {
  if (!live?.dataset.live || live.querySelector("[data-over]")) return;
  source?.close();
  source = document.hidden ? undefined : new EventSource(live.dataset.live);
  if (source) source.onmessage = renew;
}
document.addEventListener("visibilitychange", () => { listen(); if (!document.hidden && source) renew(); });
addEventListener("pagehide", () => source?.close());
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const button of document.querySelectorAll("button")) button.disabled = false;
  tally();
  listen();
});
listen();

/* Selecting runs. */
function tally() {
  for (const form of document.querySelectorAll("form[data-select]")) {
    const boxes = [...form.querySelectorAll("input[name=run]")], ticked = boxes.filter((box) => box.checked).length;
    const all = form.querySelector("[data-all]");
    if (all) { all.hidden = false; all.checked = ticked > 0 && ticked === boxes.length; all.indeterminate = ticked > 0 && ticked < boxes.length; }
    for (const button of form.querySelectorAll("button[data-selected]")) { button.disabled = ticked === 0; button.textContent = button.dataset.selected + (ticked ? " " + ticked : " selected"); }
  }
}
document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-select]");
  if (event.target.matches?.("[data-all]")) for (const box of form.querySelectorAll("input[name=run]")) box.checked = event.target.checked;
  if (form) tally();
});
tally();

/* Arrow keys go through the rows of a list whose link has the focus. */
document.addEventListener("keydown", (event) => {
  if (!["ArrowDown", "ArrowUp"].includes(event.key) || event.altKey || event.ctrlKey || event.metaKey) return;
  const row = document.activeElement?.matches("table.list a[data-row]") ? document.activeElement.closest("tr") : null;
  if (!row) return;
  event.preventDefault();
  (event.key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling)?.querySelector("a[data-row]")?.focus();
});

/* A form that was sent is not sent again by a second click. */
document.addEventListener("submit", (event) => setTimeout(() => { for (const button of event.target.querySelectorAll("button")) button.disabled = true; }));
`;
