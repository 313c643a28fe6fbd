/* Speaks xAPI 1.0.3 with the LRS: documents are read and written, statements sent. */
(function (toolkit) {
  "use strict";

  const VERSION = "1.0.3";
  const READ_WAITS = [1, 2, 4]; // seconds
  const MAX_LAST_WORDS = 60000; // bytes; browsers keep 64 KiB alive after the page

  /* The LRS will not hear us any more: the token is not valid, or no longer. */
  class Taken extends Error {}

  function Lrs(launch, token) {
    this.launch = launch;
    this.headers = { Authorization: `Basic ${token}`, "X-Experience-API-Version": VERSION };
  }

  Lrs.prototype = {
    /* A document of ours or the LMS's about this learner and unit: {value, etag}, or null when there is none. */
    state(id) {
      return this.read(this.stateUrl(id));
    },

    profile(id) {
      return this.read(this.url("agents/profile", { agent: JSON.stringify(this.launch.actor), profileId: id }));
    },

    async read(url) {
      const response = await this.patiently(url);
      if (response.status === 404) return null;
      refuse(response);
      return { value: await response.json(), etag: response.headers.get("ETag") };
    },

    /* Reading changes nothing, so a lost answer is simply asked for again. */
    async patiently(url) {
      for (const wait of READ_WAITS) {
        const response = await fetch(url, { headers: this.headers }).catch(() => null);
        if (response && response.status < 500) return response;
        await new Promise((done) => setTimeout(done, wait * 1000));
      }
      return fetch(url, { headers: this.headers });
    },

    /* False when somebody else has written since we read: read again, then write. */
    async writeState(id, value, etag) {
      const match = etag ? { "If-Match": etag } : {};
      const response = await this.send("PUT", this.stateUrl(id), value, match);
      if (response.status === 412 || response.status === 409) return false;
      if (response.status === 403) throw new Taken();
      refuse(response);
      return true;
    },

    /* Several statements at once, in their order. */
    postStatements(statements) {
      return this.send("POST", this.url("statements", {}), statements, {});
    },

    /* One statement under its own id: sent twice, it counts once. */
    putStatement(statement) {
      return this.send("PUT", this.url("statements", { statementId: statement.id }), statement, {});
    },

    send(method, url, value, headers) {
      const body = JSON.stringify(value);
      return fetch(url, {
        method,
        body,
        headers: { ...this.headers, "Content-Type": "application/json", ...headers },
        keepalive: new Blob([body]).size < MAX_LAST_WORDS,
      });
    },

    stateUrl(id) {
      const { activityId, actor, registration } = this.launch;
      return this.url("activities/state", { activityId, agent: JSON.stringify(actor), registration, stateId: id });
    },

    url(path, query) {
      const text = new URLSearchParams(query).toString();
      return this.launch.endpoint + path + (text ? `?${text}` : "");
    },
  };

  function refuse(response) {
    if (response.status === 401) throw new Taken();
    if (!response.ok) throw new Error(String(response.status));
  }

  toolkit.Lrs = Lrs;
  toolkit.Taken = Taken;
})(window.lmsToolkit);
