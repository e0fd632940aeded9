// The server's door: JSON calls and photo uploads, and the three ways they can end.

const BASE = "/api/v1/";
const JSON_TIMEOUT_MS = 20000;
const UPLOAD_STALL_MS = 60000;

/** The server answered, and it is a no: `status`, `code` and a sentence for people. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || String(status));
    this.status = status;
    this.code = problem.code || "";
    this.problem = problem;
  }

  /** Asking again unchanged may succeed: busy, throttled, or not signed in. */
  get isPassing() {
    return this.status >= 500 || [401, 408, 425, 429].includes(this.status);
  }
}

/** No answer came: nobody knows what the server did, so the same call is made again. */
export class Unreachable extends Error {}

const signedOut = new Set();
let person = "";

/** Every call says whose work it is, so that it is refused in the session of somebody else. */
export function setPerson(username) {
  person = username;
}

function named() {
  return { ...csrf(), ...(person ? { "X-Person": encodeURIComponent(person) } : {}) };
}

/** Called once per refused call when the session is over. */
export function onSignedOut(listener) {
  signedOut.add(listener);
}

export function get(path) {
  return call("GET", path);
}

export function put(path, body) {
  return call("PUT", path, body);
}

export function post(path, body) {
  return call("POST", path, body);
}

async function call(method, path, body) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), JSON_TIMEOUT_MS);
  try {
    const response = await fetch(BASE + path, {
      method,
      headers: { "Content-Type": "application/json", Accept: "application/json", ...named() },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      signal: stop.signal,
    });
    return finish(response.status, await response.text());
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Unreachable(String(error));
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Multipart PUT with progress: fetch cannot tell how much of a body is sent.
 * @param {string} path
 * @param {Record<string, string | Blob>} fields
 * @param {(sent: number) => void} onProgress share sent, 0 to 1
 */
export function upload(path, fields, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    let stalled = 0;
    const watch = () => {
      clearTimeout(stalled);
      stalled = setTimeout(() => request.abort(), UPLOAD_STALL_MS);
    };
    const lost = () => {
      clearTimeout(stalled);
      reject(new Unreachable(path));
    };
    request.open("PUT", BASE + path);
    for (const [name, value] of Object.entries(named())) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => {
      watch();
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onload = () => {
      clearTimeout(stalled);
      try {
        resolve(finish(request.status, request.responseText));
      } catch (error) {
        reject(error);
      }
    };
    request.onerror = lost;
    request.onabort = lost;
    watch();
    request.send(form);
  });
}

function finish(status, text) {
  const body = parsed(text);
  if (status >= 200 && status < 300 && body) return body;
  if (status === 401 || body?.code === "not_authenticated") {
    for (const listener of signedOut) listener();
    throw new Refused(401, body || {});
  }
  throw new Refused(status || 500, body || {});
}

// A proxy's own error page is no JSON; it counts as the status it came with.
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function csrf() {
  const found = /(?:^|; )(?:__Host-)?csrftoken=([^;]+)/.exec(document.cookie);
  return found ? { "X-CSRFToken": decodeURIComponent(found[1]) } : {};
}
