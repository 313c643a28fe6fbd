/* Brings statements and progress to the LRS, one request at a time; what fails is tried again, in the same order. */
(function (toolkit) {
  "use strict";

  const { Taken, progress } = toolkit;
  const DOCUMENT = "lms-toolkit.progress";
  const WAITS = [2, 4, 8, 16, 32, 60]; // seconds
  const TRIES = 3;
  const TOO_OFTEN = 429;
  const TIMEOUT = 408;

  function Delivery(lrs) {
    this.lrs = lrs;
    this.queue = [];
    this.refused = [];
    this.waiters = [];
    this.base = progress.fresh(); // the document as the LRS and we last agreed on
    this.document = progress.fresh();
    this.version = 0;
    this.savedVersion = 0;
    this.failures = 0;
    this.underway = 0; // statements at the head of the queue whose answer is awaited
    this.isBusy = false;
    this.isTaken = false;
    this.timer = null;
    this.onTaken = () => {};
  }

  Delivery.prototype = {
    async load() {
      const found = await this.lrs.state(DOCUMENT);
      this.document = progress.read(found && found.value);
      this.base = copy(this.document);
    },

    add(statement) {
      this.queue.push(statement);
    },

    change(document) {
      this.document = document;
      this.version += 1;
    },

    isSettled() {
      return this.queue.length === 0 && this.version === this.savedVersion;
    },

    /* Calls `done({ok, refused})` after the next round: everything is there, or something is not. */
    whenDelivered(done) {
      this.waiters.push(done);
      this.deliver();
    },

    async deliver() {
      if (this.isBusy || this.isTaken) return;
      this.isBusy = true;
      clearTimeout(this.timer);
      const isDone = await this.deliverAll().then(() => true, (error) => this.note(error));
      this.isBusy = false;
      this.tell(isDone);
      if (!isDone && !this.isTaken) this.retry();
    },

    async deliverAll() {
      while (!this.isSettled()) {
        if (this.queue.length) await this.deliverStatements();
        if (this.version !== this.savedVersion) await this.deliverDocument();
      }
      this.failures = 0;
    },

    /* Together when all goes well. When not, one by one: each has its id, so none counts twice. */
    async deliverStatements() {
      const batch = this.queue.slice();
      const response = await this.awaited(batch.length, this.lrs.postStatements(batch));
      if (response.ok) this.queue.splice(0, batch.length);
      else if (isLater(response)) throw new Error(String(response.status));
      else await this.deliverEach(batch);
    },

    async deliverEach(batch) {
      for (const statement of batch) {
        const response = await this.awaited(1, this.lrs.putStatement(statement));
        if (response.status === 401) throw new Taken();
        if (isLater(response)) throw new Error(String(response.status));
        if (!response.ok && response.status !== 409) this.refused.push(statement.verb.display["en-US"]);
        this.queue.shift();
      }
    },

    async awaited(count, request) {
      this.underway = count;
      try {
        return await request;
      } finally {
        this.underway = 0;
      }
    },

    async deliverDocument() {
      for (let attempt = 0; attempt < TRIES; attempt += 1) {
        if (await this.writeDocument()) return;
      }
      throw new Error("conflict");
    },

    /* Another window may have written meanwhile: its work is joined with ours first. */
    async writeDocument() {
      const found = await this.lrs.state(DOCUMENT);
      if (found) this.document = progress.merge(this.base, this.document, progress.read(found.value));
      const version = this.version;
      const sent = copy(this.document);
      if (!(await this.lrs.writeState(DOCUMENT, sent, found && found.etag))) return false;
      this.savedVersion = version;
      this.base = sent;
      return true;
    },

    /* When the window goes away there is time for two requests and no answer. What is underway is not sent again: an
     * LRS refuses a whole batch for one statement that it has. */
    deliverLastWords() {
      if (this.isTaken) return;
      clearTimeout(this.timer);
      if (this.version !== this.savedVersion) this.lrs.writeState(DOCUMENT, this.document, null).catch(() => {});
      const unsent = this.queue.slice(this.underway);
      if (unsent.length) this.lrs.postStatements(unsent).catch(() => {});
      this.isTaken = true;
    },

    note(error) {
      if (error instanceof Taken) {
        this.isTaken = true;
        this.onTaken();
      }
      return false;
    },

    tell(isDone) {
      const waiters = this.waiters.splice(0);
      waiters.forEach((done) => {
        try {
          done({ ok: isDone, refused: this.refused });
        } catch (error) {
          // the page that asked is gone
        }
      });
    },

    retry() {
      this.timer = setTimeout(() => this.deliver(), WAITS[Math.min(this.failures, WAITS.length - 1)] * 1000);
      this.failures += 1;
    },
  };

  function isLater(response) {
    return response.status >= 500 || response.status === TOO_OFTEN || response.status === TIMEOUT;
  }

  function copy(value) {
    return JSON.parse(JSON.stringify(value));
  }

  toolkit.Delivery = Delivery;
})(window.lmsToolkit);
