// Countdowns: every second while somebody looks, by the desk's clock and not the phone's.
"use strict";

(() => {
  const SECOND = 1000;
  const MINUTE = 60 * SECOND;
  const HOUR = 60 * MINUTE;
  const DAY = 24 * HOUR;
  let skew = 0;

  const setClock = () => {
    const desk = Number(document.getElementById("main")?.dataset.now);
    if (desk) skew = desk - Date.now();
  };

  /** As the page was rendered: 1:42 below two minutes, then minutes, hours and minutes, days and hours. */
  const countdown = (ms) => {
    const left = Math.abs(ms);
    const sign = ms < 0 ? "-" : "";
    if (left < 2 * MINUTE) {
      return `${sign}${Math.floor(left / MINUTE)}:${String(Math.floor((left % MINUTE) / SECOND)).padStart(2, "0")}`;
    }
    if (left < HOUR) return sign + noroshi.say("minutes", { n: Math.floor(left / MINUTE) });
    const [large, small] = left < DAY ? ["hours", "minutes"] : ["days", "hours"];
    const [a, b] = left < DAY ? [left / HOUR, (left % HOUR) / MINUTE] : [left / DAY, (left % DAY) / HOUR];
    const first = noroshi.say(large, { n: Math.floor(a) });
    const second = noroshi.say(small, { n: Math.floor(b) });
    return sign + (Math.floor(b) ? noroshi.say("two", { first, second }) : first);
  };

  const tick = () => {
    const now = Date.now() + skew;
    for (const time of document.querySelectorAll("time[data-due]")) {
      const left = Number(time.dataset.due) - now;
      const text = countdown(left);
      if (time.textContent !== text) time.textContent = text;
      time.classList.toggle("late", left < 0);
    }
    for (const bar of document.querySelectorAll("progress[data-from]")) {
      bar.value = Math.min(bar.max, Math.max(0, now - Number(bar.dataset.from)));
    }
  };

  noroshi.countdown = countdown;
  setClock();
  tick();
  setInterval(() => document.hidden || tick(), SECOND);
  document.addEventListener("visibilitychange", () => document.hidden || tick());
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx.sourceElement?.id === "page") setClock();
    tick();
  });
})();
