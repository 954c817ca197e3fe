// Chromium's own push vendor is out of reach in a test. The page's calls go to ours; the page itself is untouched.
(() => {
  const text = (key) => btoa(String.fromCharCode(...new Uint8Array(key.buffer ?? key)));
  const bytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer;
  const given = (json) =>
    json && {
      endpoint: json.endpoint,
      options: { userVisibleOnly: true, applicationServerKey: bytes(json.of) },
      toJSON: () => ({ endpoint: json.endpoint, expirationTime: null, keys: json.keys }),
      unsubscribe: () => vendor("leave", "").then(() => true),
    };
  PushManager.prototype.subscribe = async (options) => given(await vendor("join", text(options.applicationServerKey)));
  PushManager.prototype.getSubscription = async () => given(await vendor("have", ""));
})();
