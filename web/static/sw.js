// The service worker: shows every push, answers from the notification, and has a page for when there is no network.
"use strict";

const CACHE = "noroshi-2";
const WORKER = "/desk/worker.json";
const OFFLINE = "/desk/offline";
const ICON = "@static/icons/icon-192.png";
const BADGE = "@static/icons/badge-96.png";
const HEADERS = { Accept: "application/json", "Content-Type": "application/json", "X-Noroshi": "1" };

// — words: kept in the cache since the installation, so that they are there without a network —

const words = async (lang) => {
  const kept = await caches.match(WORKER);
  const all = kept ? (await kept.json()).words : {};
  return all[(lang ?? "").slice(0, 2)] ?? all[self.navigator.language.slice(0, 2)] ?? all.ja ?? {};
};

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

// — showing —

/** A push as this browser gave it: the declarative JSON, or whatever else arrived. Always something to show. */
const read = (event) => {
  try {
    return event.data?.json() ?? null;
  } catch {
    return null;
  }
};

/** Show one notification from a payload of ours; from anything else a plain "open the desk". */
async function show(payload) {
  const given = payload?.web_push === 8030 ? payload.notification : null;
  if (typeof given?.title !== "string") {
    const say = await words();
    return self.registration.showNotification("Noroshi", {
      body: say.unknown ?? "", icon: ICON, badge: BADGE, tag: "noroshi", data: { navigate: "/desk/" },
    });
  }
  if (typeof payload.app_badge === "number") badge(payload.app_badge);
  const actions = (given.actions ?? []).slice(0, 2);
  await self.registration.showNotification(given.title, {
    body: given.body ?? "",
    lang: given.lang ?? "",
    tag: given.tag ?? "",
    renotify: Boolean(given.tag) && !given.silent,
    silent: Boolean(given.silent),
    requireInteraction: actions.length > 0,
    actions: actions.map(({ action, title }) => ({ action, title })),
    icon: ICON,
    badge: BADGE,
    data: { ...given.data, navigate: given.navigate, lang: given.lang, tag: given.tag, ways: ways(actions) },
  });
  await receipt(given.data, "shown");
}

const ways = (actions) => Object.fromEntries(actions.map(({ action, navigate }) => [action, navigate]));

const badge = (count) => {
  const set = count > 0 ? self.navigator.setAppBadge?.(count) : self.navigator.clearAppBadge?.();
  return set?.catch(() => {});
};

/** Tell the desk that a person's device showed or opened it. Nothing depends on the answer. */
const receipt = (data, state) =>
  data?.receipt
    ? fetch(`/receipts/${encodeURIComponent(data.receipt)}`, {
        method: "POST", credentials: "omit", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ state }),
      }).catch(() => {})
    : Promise.resolve();

// — answering —

/** What a tap on the notification, or on one of its buttons, does. */
async function act(action, data) {
  await receipt(data, "opened");
  if (action === "accept" && data?.escalation) return accept(data);
  return open(data?.ways?.[action] ?? data?.navigate ?? "/desk/");
}

/** Accept from the notification; then say in its place what is true now. Never queued: too late would be a lie. */
async function accept(data) {
  const say = await words(data.lang);
  let answer;
  try {
    answer = await fetch(`/desk/escalations/${encodeURIComponent(data.escalation)}/acceptance`, {
      method: "POST", credentials: "same-origin", headers: HEADERS, body: JSON.stringify(data.call ? { call: data.call } : {}),
    });
  } catch {
    return result(data, say.not_accepted, say.not_sent_body, false);
  }
  if (answer.status === 401 || answer.redirected) return open(data.navigate ?? "/desk/");
  const told = await answer.json().catch(() => ({}));
  if (answer.ok && told.ok) return result(data, told.sentence ?? say.accepted, "", true);
  return result(data, told.detail ?? say.not_accepted, answer.ok || told.code ? "" : say.not_sent_body, false);
}

async function result(data, title, body, good) {
  await self.registration.showNotification(title ?? "Noroshi", {
    body: body ?? "", lang: data.lang ?? "", tag: data.tag ?? "", icon: ICON, badge: BADGE, silent: good, data: { ...data, receipt: null },
  });
  for (const page of await pages()) page.postMessage("again");
}

const pages = () => self.clients.matchAll({ type: "window", includeUncontrolled: true });

/** Bring the desk to the front at this address; only addresses of our own. */
async function open(address) {
  const url = new URL(address, self.location.origin);
  const own = url.origin === self.location.origin && url.pathname.startsWith("/desk/") ? url.href : "/desk/";
  for (const page of await pages()) {
    if (!new URL(page.url).pathname.startsWith("/desk")) continue;
    try {
      const focused = await page.focus();
      if (focused.url !== own) await focused.navigate(own);
      return;
    } catch {
      // a page that this worker may not steer: a new one is opened
    }
  }
  await self.clients.openWindow(own);
}

/** The browser changed the subscription by itself: post the new one, or the next start of the app does. */
async function renew(event) {
  const options = event.oldSubscription?.options;
  const fresh = event.newSubscription ?? (options ? await self.registration.pushManager.subscribe(options) : null);
  if (!fresh) return;
  const { endpoint, keys } = fresh.toJSON();
  const platform = self.navigator.userAgent.slice(0, 200);
  await fetch("/desk/me/devices", {
    method: "POST", credentials: "same-origin", headers: HEADERS, body: JSON.stringify({ endpoint, keys, name: "browser", platform }),
  });
}

// — without a network —

const install = async () => {
  const answer = await fetch(WORKER, { cache: "reload" });
  const { shell } = await answer.clone().json();
  const cache = await caches.open(CACHE);
  await cache.put(WORKER, answer);
  await cache.addAll(shell);
};

const activate = async () => {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  await self.clients.claim();
};

const reached = async (request) => {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(OFFLINE)) ?? Response.error();
  }
};

self.addEventListener("install", (event) => {
  event.waitUntil(install().catch(() => {}));
  self.skipWaiting();
});
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("push", (event) => event.waitUntil(show(read(event))));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(act(event.action, event.notification.data));
});
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") event.respondWith(reached(request));
  else if (request.method === "GET" && new URL(request.url).pathname.startsWith("/desk/static/"))
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
});

// Named, so that tests can press the buttons that a headless browser cannot.
self.noroshi = { show, act };
