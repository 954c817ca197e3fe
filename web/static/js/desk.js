// The start of every page: words, the guard header of requests, and what the desk answers.
"use strict";

const noroshi = (window.noroshi = {
  words: JSON.parse(document.querySelector('meta[name="noroshi-words"]').content),

  /** The text of a key with its {values}. */
  say(key, values = {}) {
    return (noroshi.words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  },

  /** Show one sentence under the header. Good news leaves by itself; bad news stays until it is tapped. */
  tell(sentence, good = false) {
    const line = document.createElement("p");
    line.textContent = sentence;
    if (good) line.dataset.good = "";
    document.getElementById("said").replaceChildren(line);
    noroshi.told();
  },

  told() {
    clearTimeout(noroshi.telling);
    const said = document.getElementById("said");
    if (said.querySelector("[data-good]")) noroshi.telling = setTimeout(() => said.replaceChildren(), 8000);
  },

  /** A request of our own to the desk: JSON in, JSON out, never from a cache. */
  send(method, path, body) {
    return fetch(path, {
      method,
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-Noroshi": "1" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  },
});

document.addEventListener("htmx:config:request", (event) => {
  event.detail.ctx.request.headers["X-Noroshi"] = "1";
});

// An answer was read: close its sheet, empty its form, go on where the form says.
document.addEventListener("htmx:finally:request", (event) => {
  const { sourceElement: form, response } = event.detail.ctx;
  if (form?.tagName !== "FORM" || !response) return;
  form.closest("[popover]:popover-open")?.hidePopover();
  if (!response.raw.ok) return;
  form.reset();
  if (form.contains(document.activeElement)) document.activeElement.blur();
  const then = response.raw.headers.get("Noroshi-Then") ?? form.dataset.then;
  if (then) location.assign(then);
});

document.addEventListener("htmx:after:swap", () => noroshi.told());
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-print]")) window.print();
});
document.getElementById("said").addEventListener("click", (event) => {
  if (!event.target.closest("form")) event.currentTarget.replaceChildren();
});

// Not sent is said at once and kept nowhere: an acceptance that leaves later would be a lie.
const unsent = (form) => {
  if (form?.tagName === "FORM") noroshi.tell(noroshi.say(form.dataset.lost ?? "not_sent"));
};

document.addEventListener("htmx:error", (event) => unsent(event.detail.ctx?.sourceElement));

document.addEventListener("htmx:response:error", (event) => {
  const { sourceElement: form, response } = event.detail.ctx;
  const answered = response.raw.headers.get("Content-Type")?.startsWith("text/html");
  if (response.status >= 500 || !answered) unsent(form);
});
