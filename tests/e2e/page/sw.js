// The smallest worker of the contract: shows what it is pushed, and asks its server when it is tapped.
const show = ({ notification }) => self.registration.showNotification(notification.title, notification);
const act = (action, data) => fetch("acts", { method: "POST", body: JSON.stringify({ action, data }) });

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("push", (event) => event.waitUntil(show(event.data.json())));
self.addEventListener("notificationclick", (event) => event.waitUntil(act(event.action, event.notification.data)));
self.noroshi = { show, act };
