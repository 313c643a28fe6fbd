// Checks a certificate's file in the browser: the seal of a PDF, the signature of a record, and whether it is revoked.
// Nothing leaves the device. docs/certificates.md says what is signed; lmsToolkit (data.js) has the keys and the list.
"use strict";

(() => {
  const form = document.getElementById("check");
  const result = document.getElementById("result");
  const input = document.getElementById("file");
  const bytesOf = (text) => new TextEncoder().encode(text);
  const MAX_BYTES = 20_000_000;

  class Wrong extends Error {
    constructor(verdict, words) {
      super(words);
      this.verdict = verdict;
      this.words = words;
    }
  }

  function fromBase64url(text) {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (character) => character.charCodeAt(0));
  }

  const fromHex = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));

  async function isSignedBy(kid, signature, message) {
    const raw = Object.hasOwn(lmsToolkit.keys, kid) ? lmsToolkit.keys[kid] : null;
    if (!raw) throw new Wrong("unknown", form.dataset.fileKey);
    const key = await crypto.subtle.importKey("raw", fromBase64url(raw), { name: "Ed25519" }, false, ["verify"]);
    return crypto.subtle.verify({ name: "Ed25519" }, key, signature, message);
  }

  // The form of RFC 8785 for the values used in records: sorted keys, no spaces.
  function canonical(value) {
    if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
    if (value === null || typeof value !== "object") return JSON.stringify(value);
    const members = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
    return `{${members.join(",")}}`;
  }

  async function checkRecord(text) {
    let document_;
    try {
      document_ = JSON.parse(text);
    } catch {
      throw new Wrong("unknown", form.dataset.fileUnknown);
    }
    if (document_?.["@context"]) throw new Wrong("unknown", form.dataset.fileCredential);
    if (!String(document_?.type).startsWith("lms-toolkit-certificate/")) throw new Wrong("unknown", form.dataset.fileUnknown);
    const { record, signature, type } = document_;
    const isWhole = text.replace(/\n$/, "") === canonical(document_) && signature?.alg === "Ed25519";
    const said = bytesOf(canonical({ record, type }));
    let value;
    try {
      value = fromBase64url(signature.value);
    } catch {
      throw new Wrong("forged", form.dataset.fileForged);
    }
    if (!isWhole || !(await isSignedBy(signature.kid, value, said))) throw new Wrong("forged", form.dataset.fileForged);
    return record;
  }

  // The seal signs the whole file, with zeros in the place of the seal itself.
  async function checkSeal(bytes, text) {
    const seals = [...text.matchAll(/LmsToolkitSeal([0-9a-f]{16})([0-9a-f]{128})/g)];
    if (!seals.length) throw new Wrong("unknown", form.dataset.fileUnknown);
    if (new Set(seals.map(([seal]) => seal)).size > 1) throw new Wrong("forged", form.dataset.fileForged);
    const bare = bytes.slice();
    for (const { 0: seal, index } of seals) bare.fill(0x30, index + 14, index + seal.length);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bare));
    const message = new Uint8Array([...bytesOf("lms-toolkit-seal/1\n"), ...digest]);
    if (!(await isSignedBy(seals[0][1], fromHex(seals[0][2]), message))) throw new Wrong("forged", form.dataset.fileForged);
  }

  async function inflated(bytes) {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new TextDecoder().decode(await new Response(stream).arrayBuffer());
  }

  // Every stream of a sealed file is the issuer's, so the first one that is a record is its record.
  async function recordIn(bytes, text) {
    for (const { 0: opening, index } of text.matchAll(/stream\r?\n/g)) {
      const start = index + opening.length;
      const end = text.indexOf("endstream", start);
      if (end < 0 || text.slice(index - 3, index) === "end") continue;
      for (const content of [() => inflated(bytes.slice(start, end)), () => inflated(bytes.slice(start, end - 1)), () => text.slice(start, end)]) {
        const said = await Promise.resolve().then(content).catch(() => "");
        if (said.startsWith('{"record":')) return said.trim();
      }
    }
    throw new Wrong("unknown", form.dataset.fileUnknown);
  }

  async function check(file) {
    if (file.size > MAX_BYTES) throw new Wrong("unknown", form.dataset.fileUnknown);
    const bytes = new Uint8Array(await file.arrayBuffer());
    const text = new TextDecoder("latin1").decode(bytes);
    if (text.startsWith("%PDF-")) {
      await checkSeal(bytes, text);
      return { record: await checkRecord(await recordIn(bytes, text)), words: form.dataset.fileValid };
    }
    if (text.startsWith("\x89PNG") || text.startsWith("‰PNG")) throw new Wrong("unknown", form.dataset.fileCredential);
    return { record: await checkRecord(new TextDecoder().decode(bytes)), words: form.dataset.fileRecordValid };
  }

  function stateOf(record) {
    if (Object.hasOwn(lmsToolkit.revoked, record.code)) return lmsToolkit.revoked[record.code];
    const isOver = record.expires_on && new Date().toISOString().slice(0, 10) > record.expires_on;
    return isOver ? "expired" : "valid";
  }

  function show(verdict, heading, text, record) {
    const box = document.createElement("div");
    box.className = `verdict ${verdict}`;
    const title = document.createElement("h3");
    title.textContent = heading;
    box.append(title);
    if (text) box.append(Object.assign(document.createElement("p"), { textContent: text }));
    result.replaceChildren(box);
    if (record) result.append(facts(record));
  }

  function facts(record) {
    const list = document.getElementById("facts").content.cloneNode(true);
    for (const place of list.querySelectorAll("[data-field]")) {
      const value = record[place.dataset.field];
      if (value) place.textContent = value;
      else {
        place.previousElementSibling.remove();
        place.remove();
      }
    }
    return list;
  }

  async function answer(file) {
    result.textContent = form.dataset.checking;
    try {
      const { record, words } = await check(file);
      const state = stateOf(record);
      show(state, form.dataset[state], words, record);
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      show(error.verdict, error.words);
    }
  }

  async function start() {
    document.getElementById("no-script").remove();
    form.hidden = false;
    try {
      await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["verify", "sign"]);
    } catch {
      input.disabled = true;
      show("unknown", form.dataset.noCrypto);
      return;
    }
    form.addEventListener("submit", (event) => event.preventDefault());
    input.addEventListener("change", () => input.files.length && answer(input.files[0]));
    for (const kind of ["dragover", "dragleave", "drop"]) {
      document.addEventListener(kind, (event) => {
        event.preventDefault();
        document.body.classList.toggle("dragged", kind === "dragover");
        if (kind === "drop" && event.dataTransfer.files.length) answer(event.dataTransfer.files[0]);
      });
    }
  }

  start();
})();
