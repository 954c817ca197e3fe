// This phone as a device: the service worker, its subscription, the badge on the icon.
"use strict";

(() => {
  const LIMIT = 20_000;
  const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

  const started = "serviceWorker" in navigator
    ? navigator.serviceWorker.register("/desk/sw.js", { scope: "/desk/" }).catch(() => null)
    : Promise.resolve(null);

  /** Some browsers neither subscribe nor say no: after 20 s we do. */
  const within = (promise) =>
    Promise.race([promise, new Promise((_, reject) => setTimeout(() => reject(new Error("late")), LIMIT))]);

  const bytes = (base64url) =>
    Uint8Array.from(atob(base64url.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

  const name = () => {
    const agent = navigator.userAgent;
    const where = [["iPhone", /iPhone/], ["iPad", /iPad/], ["Android", /Android/], ["Windows", /Windows/], ["Mac", /Macintosh/], ["Linux", /Linux/]];
    const what = [["Edge", /Edg\//], ["Firefox", /Firefox\//], ["Chrome", /Chrom(e|ium)\//], ["Safari", /Safari\//]];
    const first = (table) => table.find(([, pattern]) => pattern.test(agent))?.[0];
    return [first(where), first(what)].filter(Boolean).join(" · ") || "browser";
  };

  const post = async (subscription) => {
    const { endpoint, keys } = subscription.toJSON();
    const answer = await noroshi.send("POST", "/desk/me/devices", { endpoint, keys, name: name(), platform: navigator.userAgent.slice(0, 200) });
    if (!answer.ok) throw new Error(`the desk answered ${answer.status}`);
    localStorage.setItem("device", (await answer.json()).id);
  };

  const sameKey = (subscription, key) => {
    const had = new Uint8Array(subscription.options?.applicationServerKey ?? []);
    return had.length === key.length && had.every((byte, at) => byte === key[at]);
  };

  const subscribe = async (registration) => {
    const { key } = await (await fetch("/api/push-key")).json();
    const wanted = bytes(key);
    let subscription = await registration.pushManager.getSubscription();
    if (subscription && !sameKey(subscription, wanted)) {
      await subscription.unsubscribe();
      subscription = null;
    }
    subscription ??= await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: wanted });
    await post(subscription);
  };

  const show = (card, state) => {
    for (const line of card.querySelectorAll("[data-state]")) line.hidden = line.dataset.state !== state;
    card.querySelector("[data-add]").hidden = ["working", "done", "unsupported"].includes(state);
  };

  const add = async (card) => {
    show(card, "working");
    try {
      if ((await within(Notification.requestPermission())) !== "granted") return show(card, "denied");
      if ((await within(started)) === null) return show(card, "failed");
      await within(navigator.serviceWorker.ready.then(subscribe));
      show(card, "done");
      htmx.trigger(document.body, "again");
    } catch {
      show(card, "failed");
    }
  };

  document.addEventListener("click", (event) => {
    const card = event.target.closest?.("[data-add]")?.closest("#add-device");
    if (card) add(card);
  });

  const dress = () => {
    const mine = localStorage.getItem("device");
    for (const line of document.querySelectorAll("[data-device]")) line.querySelector("[data-this]").hidden = line.dataset.device !== mine;
    const card = document.getElementById("add-device");
    if (!card) return;
    if (!able) show(card, "unsupported");
    else if (Notification.permission === "denied") show(card, "denied");
  };

  // Removed by its own person: this browser stays quiet until it is added again.
  const leave = async () => {
    localStorage.removeItem("device");
    const subscription = await (await navigator.serviceWorker.ready).pushManager.getSubscription();
    await subscription?.unsubscribe();
  };

  document.addEventListener("htmx:finally:request", (event) => {
    const { sourceElement: form, response } = event.detail.ctx;
    const device = form?.closest?.("[data-device]")?.dataset.device;
    if (device && device === localStorage.getItem("device") && response?.raw?.ok && form.action.endsWith("/removal")) leave();
  });

  // A browser may change a subscription and tell nobody: it is posted anew at every start of the app.
  const refresh = async () => {
    if (!able || Notification.permission !== "granted" || sessionStorage.getItem("posted")) return;
    try {
      const registration = await within(navigator.serviceWorker.ready);
      if (!localStorage.getItem("device") && !(await registration.pushManager.getSubscription())) return;
      await within(subscribe(registration));
      sessionStorage.setItem("posted", "1");
      const card = document.getElementById("add-device");
      if (card) show(card, "done");
      dress();
    } catch {
      // the next start tries again; calls still come by the other channels
    }
  };

  const badge = () => {
    const calls = Number(document.querySelector('[data-badge="calls"] [aria-hidden]')?.textContent ?? 0);
    const set = calls ? navigator.setAppBadge?.(calls) : navigator.clearAppBadge?.();
    set?.catch(() => {});
  };

  dress();
  refresh();
  badge();
  document.addEventListener("htmx:after:swap", () => {
    badge();
    dress();
  });
})();
