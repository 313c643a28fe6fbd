/* Writes statements as cmi5 section 9 wants them. */
(function (toolkit) {
  "use strict";

  const VERBS = "http://adlnet.gov/expapi/verbs/";
  const CMI5 = { objectType: "Activity", id: "https://w3id.org/xapi/cmi5/context/categories/cmi5" };
  const MOVE_ON = { objectType: "Activity", id: "https://w3id.org/xapi/cmi5/context/categories/moveon" };
  const MASTERY_SCORE = "https://w3id.org/xapi/cmi5/context/extensions/masteryscore";

  function Statements(launch, data) {
    this.launch = launch;
    this.data = data;
    this.last = 0;
  }

  Statements.prototype = {
    initialized() {
      return this.defined("initialized", null);
    },

    completed(seconds) {
      return this.defined("completed", { completion: true, duration: duration(seconds) });
    },

    /* Only `scaled`: raw scores must be whole numbers (9.5.1). */
    judged(isPassed, percent, seconds) {
      const score = { scaled: Math.round(percent * 100) / 10000 };
      const result = { success: isPassed, score, duration: duration(seconds) };
      return this.defined(isPassed ? "passed" : "failed", result);
    },

    terminated(seconds) {
      return this.defined("terminated", { duration: duration(seconds) });
    },

    /* One answer to one question: "cmi5 allowed", so without the category of the defined ones (7.1.3). */
    answered(activity, answer) {
      const result = { response: answer.response, duration: duration(answer.seconds) };
      if (answer.isRight !== null) result.success = answer.isRight;
      const context = this.context();
      context.contextActivities.parent = [...(context.contextActivities.parent || []), this.unit()];
      return this.statement("answered", activity, context, result);
    },

    defined(verb, result) {
      const context = this.context();
      const judges = result && ("success" in result || "completion" in result);
      const category = context.contextActivities.category || [];
      context.contextActivities.category = [...category, CMI5, ...(judges ? [MOVE_ON] : [])];
      const isMeasured = result && "success" in result && typeof this.data.masteryScore === "number";
      if (isMeasured) context.extensions[MASTERY_SCORE] = this.data.masteryScore;
      return this.statement(verb, this.unit(), context, result);
    },

    /* The LMS's template, whole; what we add never replaces anything of it (10.2.1). */
    context() {
      const context = JSON.parse(JSON.stringify(this.data.contextTemplate));
      context.registration = this.launch.registration;
      context.contextActivities = context.contextActivities || {};
      context.extensions = context.extensions || {};
      return context;
    },

    unit() {
      return { objectType: "Activity", id: this.launch.activityId };
    },

    statement(verb, object, context, result) {
      const statement = {
        id: uuid(),
        timestamp: this.now(),
        actor: this.launch.actor,
        verb: { id: VERBS + verb, display: { "en-US": verb } },
        object,
        context,
      };
      return result ? { ...statement, result } : statement;
    },

    /* An LRS orders statements by their time (9.3), so no two may have the same. */
    now() {
      this.last = Math.max(Date.now(), this.last + 1);
      return new Date(this.last).toISOString();
    },
  };

  /* ISO 8601, to the hundredth as xAPI compares them. */
  function duration(seconds) {
    return `PT${Math.max(0, Math.round(seconds * 100) / 100)}S`;
  }

  /* crypto.randomUUID exists on https only; an LMS of a small school may not have it. */
  function uuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  toolkit.Statements = Statements;
})(window.lmsToolkit);
