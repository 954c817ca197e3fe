navigator.serviceWorker.register("sw.js");

/** Subscribe with this key (base64url), and tell the server where. */
const subscribe = async (key) => {
  const letters = atob(key.replace(/-/g, "+").replace(/_/g, "/"));
  const applicationServerKey = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  const registration = await navigator.serviceWorker.ready;
  const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
  return subscription.toJSON();
};
