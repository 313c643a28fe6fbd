/* Keeps the platform's record up to date: whatever fails is tried again, and the page says how it stands.
 *
 * The format's script defines `lmsToolkit.adapter`:
 *   open()              → null without a platform, else {status, score, location, memory, passMark, readOnly};
 *                         status is incomplete, completed, passed or failed; score and passMark are numbers or null.
 *   write(facts, final) → {ok, refused}: ok once the platform has it all; refused names what it will never take.
 *                         A platform that answers later gives {later} instead: later(done) calls done({ok, refused}).
 *   close()             ends the session, once.
 *   words               (optional) takes the place of the page's own wording, key by key.
 * `facts`: {status, score, location, memory, seconds, answers}. The whole truth each time, so that a later
 * write makes up for an earlier one that failed. */
(function (toolkit) {
  "use strict";

  const WAITS = [2, 4, 8, 16, 32, 60]; // seconds

  function Saver(adapter, facts, words) {
    this.adapter = adapter;
    this.facts = facts;
    this.words = words;
    this.opened = performance.now();
    this.failures = 0;
    this.timer = null;
    this.isClosed = false;
    this.underway = 0;
    this.line = document.getElementById("lms-saved");
    this.voice = document.getElementById("lms-announce");
  }

  Saver.prototype = {
    /* Saves now; true when the platform has it. A failure is retried until it succeeds. */
    save() {
      return this.isClosed || !this.adapter ? false : this.attempt(false);
    },

    /* Saves soon, and once for many changes. */
    saveSoon(seconds) {
      if (this.adapter && this.timer === null && this.failures === 0) this.retryIn(seconds);
    },

    /* Last words, when the page goes away. */
    close() {
      if (this.isClosed || !this.adapter) return;
      this.attempt(true);
      this.isClosed = true;
      clearTimeout(this.timer);
      this.adapter.close();
    },

    attempt(isFinal) {
      clearTimeout(this.timer);
      this.timer = null;
      this.facts.seconds = (performance.now() - this.opened) / 1000;
      const outcome = this.adapter.write(this.facts, isFinal);
      if (outcome.later) return this.wait(outcome.later);
      return this.settle(outcome);
    },

    /* Until a platform far away has answered, nothing is promised and nothing is wrong. */
    wait(later) {
      this.underway += 1;
      later((outcome) => {
        this.underway -= 1;
        if (!this.isClosed) this.settle(outcome);
      });
      return false;
    },

    settle(outcome) {
      if (outcome.ok) this.succeeded(outcome.refused);
      else this.failed();
      return outcome.ok;
    },

    isSettled() {
      return this.failures === 0 && this.underway === 0;
    },

    succeeded(refused) {
      if (this.failures) this.say(this.words.saved_again);
      this.failures = 0;
      const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
      this.show("is-saved", toolkit.fill(this.words.saved_at, { time }));
      if (refused.length) this.show("is-refused", toolkit.fill(this.words.refused, { what: refused.join(", ") }));
    },

    failed() {
      if (this.failures === 0) this.say(this.words.unsaved);
      this.retryIn(WAITS[Math.min(this.failures, WAITS.length - 1)]);
      this.failures += 1;
      this.show("is-unsaved", this.words.unsaved);
    },

    retryIn(seconds) {
      this.timer = setTimeout(() => this.attempt(false), seconds * 1000);
    },

    show(state, text) {
      this.line.className = `saved ${state}`;
      this.line.textContent = text;
    },

    /* For screen readers: only what changes matters, not every save. */
    say(text) {
      this.voice.textContent = text;
    },
  };

  toolkit.Saver = Saver;
})(window.lmsToolkit);
