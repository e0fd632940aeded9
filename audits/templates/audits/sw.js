// Keeps the shell: one page without data, and the static files it is made of. Nothing of /api/ and
// no page that knows a person is ever answered or stored here.
const CACHE = "shell-{{ version }}";
const PAGE = "/m/";
const FILES = [{% for file in files %}"{{ file|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];

self.addEventListener("install", (event) => {
  event.waitUntil(fill().then(() => self.skipWaiting()));
});

async function fill() {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES.map((url) => new Request(url, { cache: "reload" })));
  await keepPage(cache);
}

// Only a page of this very version: another one would ask for files that are not here.
async function keepPage(cache) {
  const response = await fetch(PAGE, { cache: "reload", credentials: "same-origin" });
  const isOurs = response.ok && !response.redirected && (await response.clone().text()).includes('data-version="{{ version }}"');
  if (isOurs) await cache.put(PAGE, response);
  else if (!(await cache.match(PAGE))) throw new Error("no shell page");
}

// Pages that are open have loaded all they need: what is older may go, and nobody is reloaded.
self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("shell-") && name !== CACHE) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

self.addEventListener("message", (event) => {
  if (event.data !== "renew") return; // language or type size changed
  const told = () => event.source?.postMessage("renewed");
  event.waitUntil(caches.open(CACHE).then(keepPage).then(told, () => {}));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (url.pathname === PAGE || /^\/m\/(a\/\d+|q)\/$/.test(url.pathname)) event.respondWith(shell(request));
    else if (/^\/(s|visit)\/[^/]+\/$/.test(url.pathname)) event.respondWith(fetch(request).catch(() => shell(request)));
  } else if (FILES.includes(url.pathname)) {
    event.respondWith(file(request));
  }
});

async function shell(request) {
  return (await (await caches.open(CACHE)).match(PAGE)) || fetch(request);
}

async function file(request) {
  return (await (await caches.open(CACHE)).match(request)) || fetch(request);
}
