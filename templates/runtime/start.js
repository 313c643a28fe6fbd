/* Opens the page: joins what the build wrote, what the platform remembers, and the script of this kind of page. */
(function (toolkit) {
  "use strict";

  function Page(data, adapter) {
    const record = adapter.open();
    this.words = data.words;
    this.quiz = data.quiz;
    this.isConnected = record !== null;
    this.isReadOnly = Boolean(record && record.readOnly);
    this.memory = readMemory(record ? record.memory : "");
    this.passMark = record && record.passMark !== null ? record.passMark : data.passMark;
    this.facts = {
      status: record ? record.status : "incomplete",
      score: best(record ? record.score : null, this.memory.b),
      location: record ? record.location : "",
      memory: "",
      seconds: 0,
      answers: [],
    };
    this.keepMemory();
    this.attemptStarted = performance.now();
    this.questions = data.questions.map((question) => new toolkit.Question(question, data.words));
    this.saver = new toolkit.Saver(record ? adapter : null, this.facts, data.words);
  }

  Page.prototype = {
    isDone() {
      return this.facts.status === "completed" || this.facts.status === "passed";
    },

    remember(question) {
      const answer = question.read();
      if (toolkit.marking.isEmpty(answer)) delete this.memory.a[question.data.ref];
      else this.memory.a[question.data.ref] = answer;
      this.keepMemory();
    },

    forget(question) {
      delete this.memory.a[question.data.ref];
      this.keepMemory();
    },

    /* Puts an earlier answer back; false when there is none. */
    recall(question) {
      const isKnown = question.data.ref in this.memory.a;
      if (isKnown) question.write(this.memory.a[question.data.ref]);
      return isKnown;
    },

    keepMemory() {
      this.facts.memory = JSON.stringify(this.memory);
    },

    /* Calls back when a save that is being retried has succeeded. */
    whenSaved(done) {
      const waiting = setInterval(() => {
        if (!this.saver.isSettled()) return;
        clearInterval(waiting);
        done();
      }, 500);
    },
  };

  function best(score, remembered) {
    const known = [score, remembered].filter((value) => typeof value === "number" && isFinite(value));
    return known.length ? Math.max(...known) : null;
  }

  /* What an older edition of the page, or another tool, left there must not break this one. */
  function readMemory(text) {
    try {
      const memory = JSON.parse(text);
      if (memory && memory.v === 1 && memory.a && typeof memory.a === "object") return memory;
    } catch (error) {
      // not ours, or cut short by the platform: start anew
    }
    return { v: 1, a: {} };
  }

  function showNotice(text) {
    document.getElementById("lms-notices").append(toolkit.element("p", "notice", text));
  }

  /* A page inside a platform's frame would vanish behind another site, or be refused by it: open that one beside. */
  function openOtherSitesBeside(words) {
    if (window.self === window.top) return;
    document.querySelectorAll('main a[href^="http"]').forEach((link) => {
      link.target = "_blank";
      link.append(toolkit.element("span", "new-tab", ` (${words.new_tab})`));
    });
  }

  function watchEnd(page) {
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") page.saver.save();
    });
    window.addEventListener("pagehide", () => page.saver.close());
    window.addEventListener("online", () => page.saver.save());
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) window.location.reload(); // the session was closed on the way out
    });
  }

  function start() {
    const data = JSON.parse(document.getElementById("lms-data").textContent);
    Object.assign(data.words, toolkit.adapter.words);
    const page = new Page(data, toolkit.adapter);
    document.documentElement.classList.add("is-live");
    openOtherSitesBeside(page.words);
    if (!page.isConnected) showNotice(page.words.no_platform);
    if (page.isReadOnly) showNotice(page.words.review_mode);
    watchEnd(page);
    if (data.kind === "quiz") toolkit.startQuiz(page);
    else toolkit.startLesson(page);
    toolkit.startBlocks(page);
    toolkit.startView();
    page.saver.save();
  }

  start();
})(window.lmsToolkit);
