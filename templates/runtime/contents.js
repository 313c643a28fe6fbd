/* Shows how far the learner has come: on the start page for every page, on a page in one line.
 *
 * Beyond what saving.js asks, the adapter of such a format has:
 *   progress()  → {last, pages: {key: {status, score}}}, or null when nothing is kept; `last` is the last page open.
 *   watch(then) → calls `then` whenever that may have changed.
 *   absence       why nothing is kept, in words.
 *   erase()       (where progress belongs to the device) forgets everything. */
(function (toolkit) {
  "use strict";

  const { adapter, site } = toolkit;
  const { words } = site;

  function isDone(record) {
    return Boolean(record) && (record.status === "completed" || record.status === "passed");
  }

  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));
  }

  function stateWords(record) {
    if (!record) return words.state_new;
    if (record.status === "incomplete") return words.state_open;
    return fill(words[`state_${record.status}`], { score: percent(record.score) });
  }

  function percent(score) {
    return (score || 0).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 2 });
  }

  function show() {
    const progress = adapter.progress();
    if (!progress) return;
    const done = site.pages.filter((key) => isDone(progress.pages[key])).length;
    const line = document.getElementById("lms-done");
    line.textContent = fill(words.done, { done, total: site.pages.length });
    const list = document.querySelector(".pages");
    if (list) showStart(progress, done);
  }

  function showStart(progress, done) {
    const isAll = done === site.pages.length;
    document.getElementById("lms-progress").hidden = Object.keys(progress.pages).length === 0;
    document.getElementById("lms-bar").value = done;
    document.querySelector(".so-far").classList.toggle("is-done", isAll);
    if (isAll) document.getElementById("lms-done").textContent = words.all_done;
    document.querySelectorAll(".pages li").forEach((item) => showItem(item, progress));
    showWayOn(progress, isAll);
    const kept = document.querySelector(".kept");
    if (kept) kept.hidden = Object.keys(progress.pages).length === 0;
  }

  function showItem(item, progress) {
    const record = progress.pages[item.dataset.page];
    const isLast = progress.last === item.dataset.page;
    item.className = record ? `is-${record.status === "incomplete" ? "open" : record.status}` : "";
    item.classList.toggle("is-here", isLast);
    item.querySelector(".state").textContent = stateWords(record) + (isLast ? ` · ${words.here}` : "");
  }

  /* The button leads to where there is something left to do, from the last page on. */
  function showWayOn(progress, isAll) {
    const isNew = Object.keys(progress.pages).length === 0;
    const key = isNew || isAll ? site.pages[0] : nextToDo(progress);
    const link = document.querySelector(`.pages [data-page="${CSS.escape(key)}"] a`);
    const to = document.getElementById("lms-go-to");
    document.getElementById("lms-go").href = link.getAttribute("href");
    document.getElementById("lms-go-word").textContent = isNew ? words.start : isAll ? words.again : words.resume;
    to.textContent = link.querySelector(".title").textContent;
    to.hidden = isNew || isAll;
  }

  function nextToDo(progress) {
    const from = Math.max(0, site.pages.indexOf(progress.last));
    const order = [...site.pages.slice(from), ...site.pages.slice(0, from)];
    return order.find((key) => !isDone(progress.pages[key]));
  }

  function startErasing() {
    const sure = document.getElementById("lms-erase-sure");
    const button = document.getElementById("lms-erase");
    const ask = (isAsking) => {
      sure.hidden = !isAsking;
      button.hidden = isAsking;
    };
    button.addEventListener("click", () => {
      ask(true);
      document.getElementById("lms-erase-no").focus();
    });
    document.getElementById("lms-erase-no").addEventListener("click", () => {
      ask(false);
      button.focus();
    });
    document.getElementById("lms-erase-yes").addEventListener("click", () => {
      adapter.erase();
      ask(false);
      show();
      document.getElementById("lms-announce").textContent = words.erased;
      document.getElementById("lms-main").focus();
    });
  }

  function sayAbsence() {
    const note = document.createElement("p");
    note.className = "notice";
    note.textContent = adapter.absence;
    document.getElementById("lms-notices").append(note);
  }

  function startPage() {
    document.documentElement.classList.add("is-live");
    toolkit.startView();
    if (!adapter.progress()) sayAbsence();
    if (document.getElementById("lms-erase")) startErasing();
  }

  if (document.querySelector(".pages")) startPage();
  show();
  adapter.watch(show);
  window.addEventListener("pageshow", show);
})(window.lmsToolkit);
