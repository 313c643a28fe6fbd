/* A SCORM 1.2 API for tests, as strict as the Run-Time Environment 1.2 allows; written from its tables, not from our
 * adapter. `launch(url, record)` opens a SCO in the frame with what an earlier session left behind. */
const VOCABULARY = {
  status: /^(passed|completed|failed|incomplete|browsed)$/,
  exit: /^(time-out|suspend|logout|)$/,
  type: /^(true-false|choice|fill-in|matching|performance|sequencing|likert|numeric)$/,
  result: /^(correct|wrong|unanticipated|neutral|-?\d+(\.\d+)?)$/,
};
const TIMESPAN = /^\d{2,4}:\d\d:\d\d(\.\d{1,2})?$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,2})?$/;
const DECIMAL = /^-?\d+(\.\d+)?$/;
const IDENTIFIER = /^\S{1,255}$/;
const PATTERNS = {
  "true-false": /^[01tf]/,
  choice: /^[0-9a-z](,[0-9a-z])*$/,
  sequencing: /^[0-9a-z](,[0-9a-z])*$/,
  matching: /^[0-9a-z]\.[0-9a-z](,[0-9a-z]\.[0-9a-z])*$/,
  numeric: DECIMAL,
  "fill-in": /^.{0,255}$/,
};
const isScore = (value) => DECIMAL.test(value) && Number(value) >= 0 && Number(value) <= 100;

const WRITABLE = {
  "cmi.core.lesson_status": (value) => VOCABULARY.status.test(value),
  "cmi.core.lesson_location": (value) => value.length <= 255,
  "cmi.core.score.raw": (value) => value === "" || isScore(value),
  "cmi.core.score.min": (value) => value === "" || isScore(value),
  "cmi.core.score.max": (value) => value === "" || isScore(value),
  "cmi.core.exit": (value) => VOCABULARY.exit.test(value),
  "cmi.core.session_time": (value) => TIMESPAN.test(value),
  "cmi.suspend_data": (value) => value.length <= 4096,
};
const INTERACTION = {
  id: (value) => IDENTIFIER.test(value),
  type: (value) => VOCABULARY.type.test(value),
  time: (value) => TIME.test(value),
  weighting: (value) => DECIMAL.test(value),
  result: (value) => VOCABULARY.result.test(value),
  latency: (value) => TIMESPAN.test(value),
  student_response: (value, given) => PATTERNS[given.type] && PATTERNS[given.type].test(value),
  "correct_responses.0.pattern": (value, given) => PATTERNS[given.type] && PATTERNS[given.type].test(value),
};
const WRITE_ONLY = ["cmi.core.exit", "cmi.core.session_time"];

class StrictApi {
  constructor(record) {
    const start = {
      "cmi.core.lesson_status": "not attempted",
      "cmi.core.lesson_location": "",
      "cmi.core.score.raw": "",
      "cmi.core.lesson_mode": "normal",
      "cmi.core.entry": "ab-initio",
      "cmi.suspend_data": "",
      "cmi.student_data.mastery_score": "",
    };
    this.data = Object.assign(start, record);
    this.interactions = [];
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
    if (code !== "0") this.errors.push(`${call} -> ${code}`);
    return value;
  }

  LMSInitialize(argument) {
    if (this.state !== "new") return this.answer("LMSInitialize", "101", "false");
    if (argument !== "") return this.answer("LMSInitialize", "201", "false");
    this.state = "open";
    return this.answer("LMSInitialize", "0", "true");
  }

  LMSGetValue(element) {
    if (this.state !== "open") return this.answer(`get ${element}`, "301", "");
    if (element === "cmi.interactions._count") return this.answer(`get ${element}`, "0", String(this.interactions.length));
    if (element.startsWith("cmi.interactions.") || WRITE_ONLY.includes(element)) return this.answer(`get ${element}`, "404", "");
    if (!(element in this.data)) return this.answer(`get ${element}`, "401", "");
    return this.answer(`get ${element}`, "0", this.data[element]);
  }

  LMSSetValue(element, value) {
    const call = `set ${element} ${value}`;
    if (this.state !== "open") return this.answer(call, "301", "false");
    if (typeof value !== "string") return this.answer(call, "405", "false");
    const interaction = /^cmi\.interactions\.(\d+)\.(.+)$/.exec(element);
    if (interaction) return this.setInteraction(call, Number(interaction[1]), interaction[2], value);
    if (!(element in WRITABLE)) return this.answer(call, element in this.data ? "403" : "401", "false");
    if (!WRITABLE[element](value)) return this.answer(call, "405", "false");
    this.data[element] = value;
    return this.answer(call, "0", "true");
  }

  setInteraction(call, index, field, value) {
    if (!(field in INTERACTION)) return this.answer(call, "401", "false");
    if (index > this.interactions.length) return this.answer(call, "201", "false");
    const given = this.interactions[index] || {};
    if (!("id" in given) && field !== "id") return this.answer(call, "201", "false");
    if (!INTERACTION[field](value, given)) return this.answer(call, "405", "false");
    this.interactions[index] = Object.assign({}, given, { [field]: value });
    return this.answer(call, "0", "true");
  }

  LMSCommit(argument) {
    if (this.state !== "open" || argument !== "") return this.answer("LMSCommit", "301", "false");
    this.log.push("LMSCommit");
    this.lastError = this.failing ? "101" : "0";
    if (this.failing === "throws") throw new Error("the connection was lost");
    if (!this.failing) this.committed = this.record();
    return this.failing ? "false" : "true";
  }

  LMSFinish(argument) {
    if (this.state !== "open" || argument !== "") return this.answer("LMSFinish", "301", "false");
    this.state = "closed";
    if (!this.failing) this.committed = this.record();
    return this.answer("LMSFinish", "0", "true");
  }

  LMSGetLastError() { return this.lastError; }
  LMSGetErrorString() { return ""; }
  LMSGetDiagnostic() { return ""; }

  record() {
    return { ...this.data, interactions: this.interactions.map((one) => ({ ...one })) };
  }
}

/* What a platform hands to the next session: what is readable, and only after "suspend" the learner's place. */
function nextSession(committed) {
  const { interactions, ...data } = committed;
  delete data["cmi.core.session_time"];
  data["cmi.core.entry"] = data["cmi.core.exit"] === "suspend" ? "resume" : "";
  delete data["cmi.core.exit"];
  return data;
}

window.sessions = [];
window.launch = function (url, record) {
  window.API = new StrictApi(record);
  window.sessions.push(window.API);
  document.getElementById("sco").src = url;
};
window.leave = function () {
  document.getElementById("sco").src = "about:blank";
};
window.resume = function (url) {
  window.launch(url, nextSession(window.API.committed));
};
