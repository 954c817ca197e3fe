// Live hints: read again when something changed, never while a finger or a field is at work.
"use strict";

(() => {
  const page = document.getElementById("page");
  const live = document.getElementById("live");
  const fresh = document.getElementById("fresh");
  const AT_ONCE = 500;
  let pressed = false;
  let sending = 0;
  let waiting = false;
  let failures = 0;
  let broken = false;

  const typing = () => page.contains(document.activeElement) && document.activeElement.matches("input:not([type=hidden]), textarea, select");
  const asking = () => page.querySelector(":popover-open") !== null;
  const reading = () => page.querySelector("[data-grown]") !== null || (page.querySelector("[data-still]") !== null && scrolled() > 40);
  const scrolled = () => Math.max(window.scrollY, document.getElementById("beside")?.scrollTop ?? 0);
  const busy = () => pressed || sending > 0 || typing() || asking();

  const readAgain = () => htmx.trigger(document.body, "again");

  const letGo = () => {
    pressed = false;
    setTimeout(() => {
      if (waiting && !busy()) readAgain();
    }, 250);
  };

  // The answer to a form is read before its page may change: htmx drops what comes for a form that is gone.
  const isForm = (event) => event.detail.ctx.sourceElement?.tagName === "FORM";
  document.addEventListener("htmx:before:request", (event) => isForm(event) && (sending += 1));
  document.addEventListener("htmx:finally:request", (event) => {
    if (!isForm(event)) return;
    sending = Math.max(0, sending - 1);
    letGo();
  });

  document.addEventListener("pointerdown", (event) => (pressed = page.contains(event.target)));
  for (const end of ["pointerup", "pointercancel", "dragend"]) document.addEventListener(end, letGo);
  document.addEventListener("focusout", letGo);
  document.addEventListener("toggle", letGo, true);

  const hold = (event) => {
    if (event.detail.ctx.sourceElement !== page) return;
    if (busy() || reading()) {
      waiting = true;
      event.preventDefault();
    }
  };
  page.addEventListener("htmx:before:request", hold);
  page.addEventListener("htmx:before:swap", hold);
  page.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx.sourceElement === page) waiting = false;
  });

  // A list that is being read does not move: it offers the news instead.
  live.addEventListener("desk", () => (fresh.hidden = !reading()));
  fresh.addEventListener("click", () => location.reload());
  window.addEventListener("scroll", () => waiting && !reading() && !busy() && ((fresh.hidden = true), readAgain()), { passive: true });

  // The first connection is not retried by the extension, so it is here; a later one is, and then all is read anew.
  const again = () => {
    broken = true;
    failures += 1;
    setTimeout(() => htmx.trigger(live, "connect"), Math.min(30_000, 1_000 * 2 ** failures) * (0.7 + Math.random() * 0.6));
  };
  const firstFailed = (event) => {
    if (event.detail.ctx?.sourceElement === live) again();
  };
  live.addEventListener("htmx:error", firstFailed);
  live.addEventListener("htmx:response:error", firstFailed);
  live.addEventListener("htmx:sse:error", () => (broken = true));
  live.addEventListener("htmx:sse:close", (event) => event.detail.reason === "ended" && again());
  // Whatever happened before the stream stood was not told by it.
  live.addEventListener("htmx:sse:after:connection", () => {
    failures = 0;
    if (broken || performance.now() > AT_ONCE) readAgain();
    broken = false;
  });

  window.addEventListener("online", readAgain);
  document.addEventListener("visibilitychange", () => document.hidden || readAgain());
  window.addEventListener("pageshow", (event) => event.persisted && readAgain());
  navigator.serviceWorker?.addEventListener("message", (event) => event.data === "again" && readAgain());

  document.querySelector(".tabs [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });

  // The column beside a ticket stays where it was.
  const column = () => document.getElementById("beside");
  const place = () => `beside:${new URLSearchParams(location.search).get("tab") ?? "calls"}`;
  window.addEventListener("pagehide", () => column() && sessionStorage.setItem(place(), String(column().scrollTop)));
  if (column()) column().scrollTop = Number(sessionStorage.getItem(place()) ?? 0);
})();
