/* A SCORM 2004 API for tests, as strict as the Run-Time Environment 1.3 allows; written from its tables, not from our
 * adapter. `launch(url, record)` opens a SCO in the frame with what an earlier session left behind; `manifest` says what
 * the platform knows of the item: `{threshold, passing}`. */
const real = (least, most) => (value) => /^-?\d+(\.\d{1,7})?$/.test(value) && Number(value) >= least && Number(value) <= most;
const oneOf = (...words) => (value) => words.includes(value);
const upTo = (limit) => (value) => value.length <= limit;
const TIMESPAN = /^P(?=.)(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d{1,2})?S)?)?$/;
const TIME = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,2}(Z|[+-]\d\d:\d\d)?)?$/;
const SHORT = /^[A-Za-z0-9_.]{1,250}$/;

const WRITABLE = {
  "cmi.completion_status": oneOf("completed", "incomplete", "not attempted", "unknown"),
  "cmi.success_status": oneOf("passed", "failed", "unknown"),
  "cmi.progress_measure": real(0, 1),
  "cmi.score.scaled": real(-1, 1),
  "cmi.score.raw": real(-Infinity, Infinity),
  "cmi.score.min": real(-Infinity, Infinity),
  "cmi.score.max": real(-Infinity, Infinity),
  "cmi.location": upTo(1000),
  "cmi.suspend_data": upTo(64000),
  "cmi.session_time": (value) => TIMESPAN.test(value),
  "cmi.exit": oneOf("time-out", "suspend", "logout", "normal", ""),
};
const WRITE_ONLY = ["cmi.exit", "cmi.session_time"];
const READABLE = ["cmi.mode", "cmi.entry", "cmi.credit", "cmi.scaled_passing_score", "cmi.completion_threshold"];

const list = (check, limit) => (value) => {
  const parts = value.split("[,]");
  return parts.length <= limit && parts.every(check);
};
const isShort = (part) => SHORT.test(part);
const isPair = (part) => part.split("[.]").length === 2 && part.split("[.]").every(isShort);
const isText = (part) => part.length <= 250 && !part.startsWith("{lang=}");
const isUnique = (value) => new Set(value.split("[,]")).size === value.split("[,]").length;
const unmarked = (check) => (value) => check(value.replace(/^\{case_matters=(true|false)\}/, ""));
const isRange = (value) => {
  const ends = value.split("[:]");
  return ends.length === 2 && ends.every(real(-Infinity, Infinity)) && Number(ends[0]) <= Number(ends[1]);
};
const RESPONSES = {
  "true-false": oneOf("true", "false"),
  choice: (value) => list(isShort, 36)(value) && isUnique(value),
  sequencing: list(isShort, 36),
  matching: list(isPair, 36),
  numeric: real(-Infinity, Infinity),
  "fill-in": list(isText, 10),
  "long-fill-in": upTo(4000),
};
const PATTERNS = { ...RESPONSES, numeric: isRange, "fill-in": unmarked(list(isText, 10)) };
const MOST_PATTERNS = { "true-false": 1, choice: 10, sequencing: 5, matching: 5, numeric: 1, "fill-in": 5 };
const INTERACTION = {
  id: (value) => /^\S{1,4000}$/.test(value),
  type: (value) => value in RESPONSES,
  timestamp: (value) => TIME.test(value),
  weighting: real(-Infinity, Infinity),
  result: (value) => oneOf("correct", "incorrect", "unanticipated", "neutral")(value) || real(-Infinity, Infinity)(value),
  latency: (value) => TIMESPAN.test(value),
  description: (value) => upTo(250)(value) && !/[\n\r]/.test(value),
  learner_response: (value, given) => RESPONSES[given.type](value),
};
const NEEDS_TYPE = /^(learner_response|correct_responses\.\d+\.pattern)$/;

class StrictApi {
  constructor(record, manifest) {
    this.data = {
      "cmi.completion_status": "unknown",
      "cmi.success_status": "unknown",
      "cmi.mode": "normal",
      "cmi.credit": "credit",
      "cmi.entry": "ab-initio",
      ...(manifest.passing === undefined ? {} : { "cmi.scaled_passing_score": String(manifest.passing) }),
      ...(manifest.threshold === undefined ? {} : { "cmi.completion_threshold": String(manifest.threshold) }),
      ...record,
    };
    this.interactions = record.interactions || [];
    delete this.data.interactions;
    this.manifest = manifest;
    this.committed = null;
    this.log = [];
    this.errors = [];
    this.state = "new";
    this.failing = false;
    this.lastError = "0";
  }

  answer(call, code, value) {
    this.lastError = code;
    this.log.push(call);
    // asking for what has no value yet is how one learns that it has none
    if (code !== "0" && code !== "403") this.errors.push(`${call} -> ${code}`);
    return value;
  }

  Initialize(argument) {
    if (this.state === "open") return this.answer("Initialize", "103", "false");
    if (this.state === "closed") return this.answer("Initialize", "104", "false");
    if (argument !== "") return this.answer("Initialize", "201", "false");
    this.state = "open";
    return this.answer("Initialize", "0", "true");
  }

  GetValue(element) {
    const call = `get ${element}`;
    if (this.state !== "open") return this.answer(call, this.state === "new" ? "122" : "123", "");
    if (element === "cmi.interactions._count") return this.answer(call, "0", String(this.interactions.length));
    if (WRITE_ONLY.includes(element)) return this.answer(call, "405", "");
    const interaction = /^cmi\.interactions\.(\d+)\.(.+)$/.exec(element);
    if (interaction) return this.getInteraction(call, Number(interaction[1]), interaction[2]);
    if (!(element in WRITABLE) && !READABLE.includes(element)) return this.answer(call, "401", "");
    const value = this.evaluated()[element];
    return value === undefined ? this.answer(call, "403", "") : this.answer(call, "0", value);
  }

  getInteraction(call, index, field) {
    if (index >= this.interactions.length) return this.answer(call, "301", "");
    const value = this.interactions[index][field];
    return value === undefined ? this.answer(call, "403", "") : this.answer(call, "0", value);
  }

  SetValue(element, value) {
    const call = `set ${element} ${value}`;
    if (this.state !== "open") return this.answer(call, this.state === "new" ? "132" : "133", "false");
    if (typeof value !== "string") return this.answer(call, "406", "false");
    const interaction = /^cmi\.interactions\.(\d+)\.(.+)$/.exec(element);
    if (interaction) return this.setInteraction(call, Number(interaction[1]), interaction[2], value);
    if (!(element in WRITABLE)) return this.answer(call, READABLE.includes(element) ? "404" : "401", "false");
    if (!WRITABLE[element](value)) return this.answer(call, /^-?[\d.]+$/.test(value) ? "407" : "406", "false");
    this.data[element] = value;
    return this.answer(call, "0", "true");
  }

  setInteraction(call, index, field, value) {
    const pattern = /^correct_responses\.(\d+)\.pattern$/.exec(field);
    if (!pattern && !(field in INTERACTION)) return this.answer(call, "401", "false");
    if (index > this.interactions.length) return this.answer(call, "351", "false");
    const given = this.interactions[index] || {};
    if (!("id" in given) && field !== "id") return this.answer(call, "408", "false");
    if (NEEDS_TYPE.test(field) && !given.type) return this.answer(call, "408", "false");
    if (pattern && !this.takesPattern(given, Number(pattern[1]), value)) return this.answer(call, "351", "false");
    const isValid = pattern ? PATTERNS[given.type](value) : INTERACTION[field](value, given);
    if (!isValid) return this.answer(call, "406", "false");
    this.interactions[index] = { ...given, [field]: value };
    return this.answer(call, "0", "true");
  }

  /* No gaps, not more than there is room for, and no answer twice. */
  takesPattern(given, number, value) {
    const field = (other) => given[`correct_responses.${other}.pattern`];
    const others = [...Array(number).keys()];
    const isNew = others.every((other) => field(other) !== undefined && field(other) !== value);
    return isNew && number < MOST_PATTERNS[given.type];
  }

  Commit(argument) {
    if (this.state !== "open" || argument !== "") return this.answer("Commit", this.state === "new" ? "142" : "143", "false");
    this.log.push("Commit");
    this.lastError = this.failing ? "391" : "0";
    if (this.failing === "throws") throw new Error("the connection was lost");
    if (!this.failing) this.committed = this.record();
    return this.failing ? "false" : "true";
  }

  Terminate(argument) {
    if (this.state !== "open" || argument !== "") return this.answer("Terminate", this.state === "new" ? "112" : "113", "false");
    this.state = "closed";
    if (!this.failing) this.committed = this.record();
    return this.answer("Terminate", "0", "true");
  }

  GetLastError() { return this.lastError; }
  GetErrorString() { return ""; }
  GetDiagnostic() { return ""; }

  /* RTE 4.2.4 and 4.2.21: a threshold or a passing score in the manifest decides over what the SCO says. */
  evaluated() {
    const data = { ...this.data };
    const { threshold, passing } = this.manifest;
    if (threshold !== undefined) {
      const progress = data["cmi.progress_measure"];
      if (progress === undefined) data["cmi.completion_status"] = "unknown";
      else data["cmi.completion_status"] = Number(progress) >= threshold ? "completed" : "incomplete";
    }
    if (passing !== undefined) {
      const scaled = data["cmi.score.scaled"];
      if (scaled === undefined) data["cmi.success_status"] = "unknown";
      else data["cmi.success_status"] = Number(scaled) >= passing ? "passed" : "failed";
    }
    return data;
  }

  record() {
    return { ...this.evaluated(), interactions: this.interactions.map((one) => ({ ...one })) };
  }
}

/* RTE 4.2.8: only after "suspend" does the next session find anything. */
function nextSession(committed) {
  if (committed["cmi.exit"] !== "suspend") return {};
  const { "cmi.session_time": time, "cmi.exit": exit, ...kept } = committed;
  return { ...kept, "cmi.entry": "resume" };
}

window.launch = function (url, record, manifest) {
  window.API_1484_11 = new StrictApi(record, manifest);
  window.manifest = manifest;
  document.getElementById("sco").src = url;
};
window.leave = function () {
  document.getElementById("sco").src = "about:blank";
};
window.resume = function (url) {
  window.launch(url, nextSession(window.API_1484_11.committed), window.manifest);
};
