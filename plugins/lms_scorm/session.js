/* What SCORM 1.2 and 2004 share in a page: finding the platform's API, a session that knows what the platform has, and
 * the parts of a reported answer. The editions' own words are in scorm12.js and scorm2004.js. */
(function (toolkit) {
  "use strict";

  const MAX_FRAMES = 500;

  /* `dialect`: {api, start, get, set, commit, error, end} are the names of the API and its functions; `proof` is an
   * element that only an open session answers; `forGood` are the error codes that will be the same next time;
   * `optional` matches the elements that a learner loses nothing by. */
  function Session(dialect) {
    this.dialect = dialect;
    this.api = null;
    this.home = null; // the window that holds the API
    this.isOpen = false;
    this.refusal = "0"; // why the platform wanted no session
    this.known = {}; // element → the value that the platform has
    this.refused = {}; // element → true, once the platform has refused it for good
  }

  Session.prototype = {
    /* False when no platform is there, or it wants no session. */
    open() {
      this.api = this.findApi();
      if (!this.api) return false;
      // a platform that another page left open refuses to start, and answers all the same
      this.isOpen = isDone(this.call("start", ""));
      if (this.isOpen) return true;
      this.refusal = this.call("error");
      this.isOpen = this.get(this.dialect.proof) !== "";
      return this.isOpen;
    },

    get(element) {
      const value = this.call("get", element);
      return value === "false" || value === "undefined" || value === "null" ? "" : value;
    },

    /* What the platform is known to have need not be sent again. */
    remember(element, value) {
      this.known[element] = value;
    },

    /* Sends pairs of element and value in their order, and commits. */
    write(pairs) {
      if (!this.isOpen) return { ok: false, refused: [] };
      const isWritten = pairs.map(([element, value]) => this.put(element, value)).every(Boolean);
      const isCommitted = isDone(this.call("commit", ""));
      const missed = Object.keys(this.refused).filter((name) => !this.dialect.optional.test(name));
      return { ok: isWritten && isCommitted, refused: missed };
    },

    put(element, value) {
      if (this.refused[element] || this.known[element] === value) return true;
      if (isDone(this.call("set", element, value))) {
        this.known[element] = value;
        return true;
      }
      if (this.dialect.forGood.includes(this.call("error"))) this.refused[element] = true;
      return Boolean(this.refused[element]);
    },

    close() {
      if (!this.isOpen) return;
      this.isOpen = false;
      this.call("end", "");
    },

    call(name, ...values) {
      try {
        return String(this.api[this.dialect[name]](...values));
      } catch (error) {
        return "false"; // a platform that went away or breaks is one that did not save
      }
    },

    findApi() {
      return this.searchUp(window) || this.searchUp(openerOf(window)) || this.searchUp(openerOf(topOf(window)));
    },

    searchUp(start) {
      let frame = start;
      for (let hop = 0; frame && hop < MAX_FRAMES; hop += 1) {
        const found = this.apiOf(frame);
        if (found) this.home = frame;
        if (found) return found;
        if (frame.parent === frame) return null;
        frame = frame.parent;
      }
      return null;
    },

    /* Looking into a frame of another site throws; the API may still be further up. */
    apiOf(frame) {
      try {
        const api = frame[this.dialect.api];
        return api && api[this.dialect.start] ? api : null;
      } catch (error) {
        return null;
      }
    },
  };

  function isDone(answer) {
    return answer === "true";
  }

  function openerOf(frame) {
    try {
      return frame && frame.opener;
    } catch (error) {
      return null;
    }
  }

  function topOf(frame) {
    return frame.top === frame ? null : frame.top;
  }

  function toNumber(text) {
    return text.trim() !== "" && isFinite(Number(text)) ? Number(text) : null;
  }

  /* The vocabulary of cmi.interactions.n.type that both editions have. */
  const types = {
    single: "choice",
    multiple: "choice",
    "true-false": "true-false",
    matching: "matching",
    ordering: "sequencing",
    "fill-in": "fill-in",
    numeric: "numeric",
    "short-text": "fill-in", // the saved state has all of it, the report its beginning
  };

  /* Places of items → items by place. */
  function inOrder(places) {
    return places.map((place, item) => [place, item]).sort((a, b) => a[0] - b[0]).map((pair) => pair[1]);
  }

  /* At most `limit` characters, without half a character at the end: half of one breaks the platform's request. */
  function cut(text, limit) {
    return text.slice(0, limit).replace(/[\ud800-\udbff]$/, "");
  }

  toolkit.scorm = { Session, toNumber, types, inOrder, cut };
})(window.lmsToolkit);
