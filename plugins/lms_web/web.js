/* Keeps the learner's progress in this browser, on this device; nothing is sent anywhere.
 *
 * One entry for each page, so that windows on different pages never touch the same one. Entries are named by course,
 * module, language and version: answers to another version of the text are left alone. */
(function (toolkit) {
  "use strict";

  const { site } = toolkit;
  const { mergeRecords } = toolkit.merging;
  const MODULE = `lms-toolkit:${site.module}/`;
  const ENTRIES = `${MODULE}${site.version}/`;
  const LAST = `${ENTRIES}last`;

  const storage = usableStorage();
  const watchers = [];
  let entry = ""; // the name of this page's own entry, once it is open
  let known = null; // the record as this window left it
  let isErased = false;

  /* Reading the property throws where storage is forbidden; writing throws where it is there and has no room at all. */
  function usableStorage() {
    try {
      const found = window.localStorage;
      found.getItem(LAST);
      return found;
    } catch (error) {
      return null;
    }
  }

  function read(name) {
    try {
      const record = JSON.parse(storage.getItem(name));
      return record && typeof record === "object" ? record : null;
    } catch (error) {
      return null; // not ours: another script of this server, or a learner who looked inside
    }
  }

  function open() {
    if (!storage) return null;
    const key = document.getElementById("lms-done").dataset.page;
    entry = ENTRIES + key;
    known = read(entry);
    window.addEventListener("storage", noticeErasing);
    put(LAST, key);
    const record = known || { status: "incomplete", score: null, location: "", memory: "" };
    return { ...record, passMark: null, readOnly: false };
  }

  function put(name, text) {
    try {
      storage.setItem(name, text);
      return true;
    } catch (error) {
      return false; // no room left
    }
  }

  function write(facts) {
    if (isErased) return { ok: true, refused: [] };
    const mine = { status: facts.status, score: facts.score, location: facts.location, memory: facts.memory };
    const isKept = put(entry, JSON.stringify(mergeRecords(known, mine, read(entry))));
    if (isKept) known = mine;
    watchers.forEach((then) => then());
    return { ok: isKept, refused: [] };
  }

  /* The progress was erased in another window: this one must not bring it back, not even by being open. */
  function noticeErasing(event) {
    if (event.key !== entry || event.newValue !== null) return;
    isErased = true;
    window.location.assign(document.querySelector(".way a").href);
  }

  function progress() {
    if (!storage) return null;
    const records = site.pages.map((key) => [key, read(ENTRIES + key)]).filter(([, record]) => record);
    return { last: storage.getItem(LAST), pages: Object.fromEntries(records) };
  }

  function watch(then) {
    watchers.push(then);
    window.addEventListener("storage", then);
  }

  /* All versions of this module in this language. */
  function erase() {
    Object.keys(storage).filter((name) => name.startsWith(MODULE)).forEach((name) => storage.removeItem(name));
  }

  toolkit.adapter = {
    open,
    write,
    close() {}, // everything is kept already
    progress,
    watch,
    erase,
    absence: site.words.storage_off,
    words: {
      saved_at: site.words.saved_here,
      unsaved: site.words.storage_full,
      finished_saved: site.words.finished_next,
      no_platform: site.words.storage_off,
      finished_alone: site.words.storage_off,
      result_alone: site.words.storage_off,
    },
  };
})(window.lmsToolkit);
