/* One session (cmi5 section 9.3): Initialized first, Completed and one judgement at most, Terminated last and once.
 *
 * The pages speak to it from their frame, as `window.lmsSession`; what they hand over is JSON text, because objects of
 * a page do not outlive it. */
(function (toolkit) {
  "use strict";

  const { progress, unit } = toolkit;
  const { mergeRecords } = toolkit.merging;

  function Session(opened, delivery) {
    this.data = opened.data;
    this.delivery = delivery;
    this.statements = new toolkit.Statements(opened.launch, opened.data);
    this.isNormal = opened.data.launchMode === "Normal";
    this.started = performance.now();
    this.secondsBefore = delivery.document.seconds;
    this.seen = {}; // key → the record as the page last knew it
    this.attempts = {}; // key → the last attempt that was reported
    this.isJudgedNow = false;
    this.isClosing = false;
    this.isOver = false;
    this.watchers = [];
    this.add(this.statements.initialized());
  }

  Session.prototype = {
    seconds() {
      return (performance.now() - this.started) / 1000;
    },

    add(statement) {
      this.delivery.add(statement);
    },

    /* The record of a page, for its adapter. */
    open(key) {
      const record = this.delivery.document.pages[key] || { status: "incomplete", score: null, location: "", memory: "" };
      this.seen[key] = this.delivery.document.pages[key];
      if (this.isNormal && this.delivery.document.last !== key) this.change({ last: key });
      const mark = this.data.masteryScore;
      const passMark = typeof mark === "number" ? Math.round(mark * 1e6) / 1e4 : null;
      return JSON.stringify({ ...record, passMark, readOnly: !this.isNormal });
    },

    change(changes) {
      this.delivery.change({ ...this.delivery.document, ...changes });
    },

    write(key, text) {
      if (!this.isNormal) return { ok: true, refused: [] };
      this.take(key, JSON.parse(text));
      this.watchers.forEach((then) => quietly(then));
      if (this.delivery.isTaken) return { ok: false, refused: [] };
      if (this.delivery.isSettled() || this.isClosing) return { ok: true, refused: this.delivery.refused };
      return { later: (done) => this.delivery.whenDelivered(done) };
    },

    take(key, facts) {
      const { pages } = this.delivery.document;
      const record = mergeRecords(this.seen[key], facts.record, pages[key]);
      this.seen[key] = facts.record;
      if (JSON.stringify(record) !== JSON.stringify(pages[key])) this.change({ pages: { ...pages, [key]: record } });
      this.takeAnswers(key, facts.answers);
      this.judge();
    },

    /* The page repeats the last attempt with every save; only a new one is reported. */
    takeAnswers(key, answers) {
      const attempt = JSON.stringify(answers);
      if (!answers.length || this.attempts[key] === attempt) return;
      this.attempts[key] = attempt;
      this.isJudgedNow = true;
      answers.filter((answer) => unit.interactions[answer.id]).forEach((answer) => {
        this.add(this.statements.answered(unit.interactions[answer.id], answer));
      });
    },

    /* At most one of Passed and Failed in a session: a pass is said at once, a failure when nothing better can follow. */
    judge() {
      const { sent } = this.delivery.document;
      if (!sent.completed && progress.isCompleted(this.delivery.document)) {
        this.add(this.statements.completed(this.secondsBefore + this.seconds()));
        this.markSent("completed");
      }
      if (!sent.passed && progress.isPassed(this.delivery.document)) {
        this.add(this.statements.judged(true, progress.score(this.delivery.document), this.seconds()));
        this.markSent("passed");
      }
    },

    markSent(name) {
      this.change({ sent: { ...this.delivery.document.sent, [name]: true } });
    },

    end() {
      if (this.isOver) return;
      this.isOver = true;
      const { document } = this.delivery;
      const hasFailed = this.isJudgedNow && progress.isJudged(document) && !document.sent.passed;
      if (hasFailed) this.add(this.statements.judged(false, progress.score(document), this.seconds()));
      if (this.isNormal) this.change({ seconds: this.secondsBefore + this.seconds() });
      this.add(this.statements.terminated(this.seconds()));
    },

    progress() {
      const { last, pages } = this.delivery.document;
      return JSON.stringify({ last, pages });
    },

    watch(then) {
      this.watchers.push(then);
    },
  };

  function quietly(action) {
    try {
      action();
    } catch (error) {
      // a page that is gone
    }
  }

  toolkit.Session = Session;
})(window.lmsToolkit);
