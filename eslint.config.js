// Faults only; how code is laid out is not argued about here.
const browser = [
  "AbortController", "Blob", "BroadcastChannel", "CSS", "CompressionStream", "CryptoKey", "Element", "Event", "File",
  "FormData", "HTMLButtonElement", "HTMLDialogElement", "HTMLElement", "HTMLImageElement",
  "HTMLInputElement", "HTMLTextAreaElement", "IDBKeyRange", "Image", "ImageData", "Intl",
  "OffscreenCanvas", "atob", "AbortSignal", "DOMParser", "Storage", "TextDecoder", "TextEncoder", "URL", "URLSearchParams", "XMLHttpRequest",
  "caches", "clearTimeout", "console", "createImageBitmap", "crypto", "document", "fetch",
  "history", "indexedDB", "localStorage", "location", "matchMedia", "navigator", "performance",
  "requestAnimationFrame", "self", "sessionStorage", "setInterval", "setTimeout", "clearInterval", "window",
];
const node = ["process", "Buffer", "structuredClone"];
const named = (names) => Object.fromEntries(names.map((name) => [name, "readonly"]));

const rules = {
  "no-undef": "error",
  "no-unused-vars": ["error", { argsIgnorePattern: "^_", caughtErrors: "none" }],
  "no-var": "error",
  "prefer-const": "error",
  eqeqeq: "error",
  "no-eval": "error",
  "no-implied-eval": "error",
  "no-new-func": "error",
  "no-dupe-keys": "error",
  "no-unreachable": "error",
  "no-fallthrough": "error",
  "no-self-assign": "error",
  "no-async-promise-executor": "error",
  "no-constant-condition": ["error", { checkLoops: false }],
  "no-cond-assign": "error",
  "no-import-assign": "error",
  "no-loss-of-precision": "error",
  "no-unsafe-finally": "error",
  "require-yield": "error",
  "use-isnan": "error",
  "valid-typeof": "error",
  "no-console": ["error", { allow: ["error"] }],
  "max-lines": ["error", { max: 300 }],
  "max-lines-per-function": ["error", { max: 60, skipComments: true }],
};

export default [
  { ignores: ["node_modules/", ".venv/", "var/", "media/", "**/templates/"] },
  { files: ["**/*.js"], languageOptions: { ecmaVersion: 2021, sourceType: "module" }, rules },
  { files: ["*/static/**/*.js"], languageOptions: { ecmaVersion: 2022, globals: named(browser) } },
  {
    files: ["tests/js/**/*.js", "*.config.js"],
    languageOptions: { ecmaVersion: 2024, globals: named([...browser, ...node]) },
    rules: { "max-lines-per-function": "off" },
  },
];
