/* The SCORM 2004 API adapter, written from the Run-Time Environment 1.3 (3.1 API, 4.2 data model; 3rd and 4th edition).
   It knows nothing of the page: `model` is the data model, `launch` the values to start from, `save(commit)` sends
   {item, sitting, values} and says whether that worked, `observe(call)` is told of every call, and `navigate(request)`
   of what the SCO asked for with adl.nav.request once it has ended. `restart()` is for a SCO that is loaded again. */
"use strict";

function createScorm2004Api(model, launch, save, observe, navigate) {
  const ERRORS = {
    "0": "No Error",
    "101": "General Exception",
    "102": "General Initialization Failure",
    "103": "Already Initialized",
    "104": "Content Instance Terminated",
    "111": "General Termination Failure",
    "112": "Termination Before Initialization",
    "113": "Termination After Termination",
    "122": "Retrieve Data Before Initialization",
    "123": "Retrieve Data After Termination",
    "132": "Store Data Before Initialization",
    "133": "Store Data After Termination",
    "142": "Commit Before Initialization",
    "143": "Commit After Termination",
    "201": "General Argument Error",
    "301": "General Get Failure",
    "351": "General Set Failure",
    "391": "General Commit Failure",
    "401": "Undefined Data Model Element",
    "402": "Unimplemented Data Model Element",
    "403": "Data Model Element Value Not Initialized",
    "404": "Data Model Element Is Read Only",
    "405": "Data Model Element Is Write Only",
    "406": "Data Model Element Type Mismatch",
    "407": "Data Model Element Value Out Of Range",
    "408": "Data Model Dependency Not Established",
  };
  const KEYWORD = /\._(children|count|version)$/;
  const TARGET = /^adl\.nav\.request_valid\.(choice|jump)\.\{target=(.+)\}$/;
  const RECORD = /^(cmi\.(?:interactions|objectives)\.\d+)\.(.+)$/;
  const { own, generic } = cmiElements;

  let values;
  let counts;
  let changed;
  let totalAtStart;
  let state; // "idle", "running" or "ended"
  let lastError = "0";
  let diagnostic = "";

  begin(launch.values);

  function begin(initial) {
    values = Object.assign({}, initial);
    counts = cmiElements.counter(Object.keys(values));
    changed = {};
    totalAtStart = values["cmi.total_time"];
    state = "idle";
  }

  function fail(code, why) {
    lastError = code;
    diagnostic = why || "";
    return "";
  }

  function isGroup(name) {
    return Boolean(own(model.children, name)) || model.arrays.includes(name);
  }

  function readKeyword(element) {
    const parent = element.replace(KEYWORD, "");
    const name = generic(parent + ".").slice(0, -1);
    if (!isGroup(name) && !own(model.elements, name)) {
      return fail("401", element);
    }
    if (!counts.has(parent + ".")) {
      return fail("301", parent + " does not exist yet");
    }
    if (element === "cmi._version") {
      return "1.0";
    }
    if (element.endsWith("._children") && own(model.children, name)) {
      return own(model.children, name);
    }
    if (element.endsWith("._count") && model.arrays.includes(name)) {
      return String(counts.of(parent));
    }
    return element.endsWith("._version") ? fail("401", element) : fail("301", parent + " has no " + element.slice(parent.length + 1));
  }

  function read(element) {
    if (element === "") {
      return fail("301", "name an element");
    }
    if (KEYWORD.test(element)) {
      return readKeyword(element);
    }
    const target = TARGET.exec(element);
    if (target) {
      return String(launch.items.includes(target[2]));
    }
    const entry = /\.n\./.test(element) ? undefined : own(model.elements, generic(element));
    if (!entry) {
      return fail("401", element + " is not in the data model");
    }
    if (entry.access === "w") {
      return fail("405", element);
    }
    if (!counts.has(element)) {
      return fail("301", element + " does not exist yet");
    }
    const value = derived(element) || own(values, element);
    if (value !== undefined) {
      return value;
    }
    const standard = own(model.defaults, generic(element));
    return standard === undefined ? fail("403", element + " has no value yet") : standard;
  }

  /* RTE 4.2.4.1 and 4.2.22.1: where the manifest sets a threshold and the SCO has reported a measure, they decide. */
  function derived(element) {
    if (element === "cmi.completion_status") {
      return judged("cmi.completion_threshold", "cmi.progress_measure", ["completed", "incomplete"]);
    }
    if (element === "cmi.success_status") {
      return judged("cmi.scaled_passing_score", "cmi.score.scaled", ["passed", "failed"]);
    }
    return undefined;
  }

  function judged(threshold, measure, verdicts) {
    const wanted = own(values, threshold);
    const reached = own(values, measure);
    if (wanted === undefined || reached === undefined) {
      return undefined;
    }
    return Number(reached) >= Number(wanted) ? verdicts[0] : verdicts[1];
  }

  function write(element, value) {
    if (element === "") {
      return fail("351", "name an element");
    }
    if (KEYWORD.test(element)) {
      const parent = generic(element.replace(KEYWORD, "") + ".").slice(0, -1);
      return isGroup(parent) || own(model.elements, parent) ? fail("404", element) : fail("401", element);
    }
    if (TARGET.test(element)) {
      return fail("404", element);
    }
    const entry = /\.n\./.test(element) ? undefined : own(model.elements, generic(element));
    if (!entry) {
      return fail("401", element + " is not in the data model");
    }
    if (entry.access === "r") {
      return fail("404", element);
    }
    const gap = counts.gap(element);
    if (gap) {
      return fail("351", gap[0] + " has " + counts.of(gap[0]) + " entries; the next index is that number");
    }
    return depends(element) && fits(element, entry, value) && isUnique(element, value) ? keep(element, value) : "";
  }

  /* RTE 4.2.9 and 4.2.17: an entry begins with its id, and a response needs to know its type. */
  function depends(element) {
    const record = RECORD.exec(element);
    if (!record || record[2] === "id") {
      return true;
    }
    if (own(values, record[1] + ".id") === undefined) {
      return fail("408", "set " + record[1] + ".id first");
    }
    const isResponse = record[2] === "learner_response" || record[2].startsWith("correct_responses.");
    if (isResponse && own(values, record[1] + ".type") === undefined) {
      return fail("408", "set " + record[1] + ".type first");
    }
    return true;
  }

  function interactionType(element) {
    return own(values, RECORD.exec(element)[1] + ".type");
  }

  function fits(element, entry, value) {
    const type = model.types[entry.type];
    const table = { response: model.responses, pattern: model.patterns }[entry.type];
    const pattern = table ? table[interactionType(element)] : type.pattern;
    if (!new RegExp("^(?:" + pattern + ")$").test(value)) {
      return fail("406", element + ": " + value.slice(0, 60) + " is not of type " + (table ? interactionType(element) + " " : "") + entry.type);
    }
    if ((type.low !== null && Number(value) < type.low) || (type.high !== null && Number(value) > type.high)) {
      return fail("407", element + ": " + value + " is not from " + type.low + " to " + (type.high === null ? "∞" : type.high));
    }
    return table ? isSensible(element, value) : true;
  }

  /* What a regular expression cannot tell: a set names nothing twice, and a range goes upwards. */
  function isSensible(element, value) {
    const type = interactionType(element);
    if (type === "choice" && new Set(value.split("[,]")).size < value.split("[,]").length) {
      return fail("406", element + " names a choice twice");
    }
    const [low, high] = type === "numeric" ? value.split("[:]") : [];
    return low && high && Number(low) > Number(high) ? fail("406", element + ": " + low + " is above " + high) : true;
  }

  function isUnique(element, value) {
    const name = generic(element);
    if (name.endsWith(".id") && name !== "cmi.interactions.n.id") {
      if (name === "cmi.objectives.n.id" && own(values, element) !== undefined && own(values, element) !== value) {
        return fail("351", element + " is set already and stays as it is");
      }
      return siblings(element).includes(value) ? fail("351", "another entry has the id " + value) : true;
    }
    if (name.endsWith(".pattern")) {
      const type = interactionType(element);
      if (model.one_pattern.includes(type) && !element.includes(".correct_responses.0.")) {
        return fail("351", type + " has one correct response");
      }
      const same = (other) => sorted(type, other) === sorted(type, value);
      return ["choice", "sequencing"].includes(type) && siblings(element).some(same) ? fail("351", "that response is there already") : true;
    }
    return true;
  }

  function sorted(type, value) {
    return type === "choice" ? value.split("[,]").sort().join("[,]") : value;
  }

  /* The values of the same element in the other entries of its array. */
  function siblings(element) {
    const [array, index] = cmiElements.indexes(element).pop();
    const rest = element.slice((array + "." + index).length);
    const others = [...Array(counts.of(array)).keys()].filter((other) => other !== index);
    return others.map((other) => own(values, array + "." + other + rest));
  }

  function keep(element, value) {
    values[element] = value;
    counts.note(element);
    if (element !== "adl.nav.request") {
      changed[element] = value;
    }
    return "true";
  }

  function hundredths(interval) {
    const parts = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(interval || "PT0S");
    const seconds = [365 * 86400, 30 * 86400, 86400, 3600, 60, 1]; // years and months have no fixed length
    return Math.round(seconds.reduce((total, each, place) => total + each * Number(parts[place + 1] || 0), 0) * 100);
  }

  function sum(first, second) {
    const total = hundredths(first) + hundredths(second);
    const whole = Math.floor(total / 100);
    const rest = total % 100 ? "." + String(total % 100).padStart(2, "0") : "";
    return "PT" + Math.floor(whole / 3600) + "H" + (Math.floor(whole / 60) % 60) + "M" + (whole % 60) + rest + "S";
  }

  /* A session that has not ended counts as suspended, so that a crash loses nothing that was committed. */
  function send(ending) {
    const sent = Object.assign({}, changed, { "cmi.exit": ending ? own(values, "cmi.exit") || "" : "suspend" });
    for (const element of ["cmi.completion_status", "cmi.success_status"]) {
      if (derived(element)) {
        sent[element] = derived(element);
      }
    }
    if (own(values, "cmi.session_time") !== undefined) {
      sent["cmi.total_time"] = sum(totalAtStart, values["cmi.session_time"]);
    }
    if (!save({ item: launch.item, sitting: launch.sitting, values: sent })) {
      return fail(ending ? "111" : "391", "the LMS could not save; call again");
    }
    changed = {};
    if (ending) {
      values["cmi.total_time"] = sent["cmi.total_time"] || totalAtStart;
      state = "ended";
    }
    return "true";
  }

  function restart() {
    if (state !== "ended") {
      return;
    }
    const isResumed = own(values, "cmi.exit") === "suspend";
    const kept = isResumed ? values : launch.fresh;
    begin(Object.assign({}, kept, { "cmi.entry": isResumed ? "resume" : "ab-initio" }));
    for (const gone of ["cmi.exit", "cmi.session_time", "adl.nav.request"]) {
      delete values[gone];
    }
  }

  function whenRunning(before, after, action) {
    return state === "running" ? action() : fail(state === "idle" ? before : after, "call Initialize first, and nothing after Terminate");
  }

  function empty(parameter) {
    return parameter === "" ? "true" : fail("201", "the argument must be an empty string");
  }

  function answer(name, parameters, action, onFailure) {
    lastError = "0";
    diagnostic = "";
    const result = action() || (lastError === "0" ? "" : onFailure);
    observe({ name: name, parameters: parameters, result: result, error: lastError, diagnostic: diagnostic, values: values });
    return result;
  }

  function initialize() {
    if (state !== "idle") {
      return state === "running" ? fail("103", "it is initialized already") : fail("104", "this launch has ended");
    }
    state = "running";
    return "true";
  }

  function terminate() {
    const request = own(values, "adl.nav.request") || "_none_";
    const done = send(true);
    if (done && request !== "_none_") {
      navigate(request);
    }
    return done;
  }

  const text = (value) => (value === undefined || value === null ? "" : String(value));
  const api = {
    Initialize: (parameter) => answer("Initialize", [parameter], () => empty(parameter) && initialize(), "false"),
    Terminate: (parameter) => answer("Terminate", [parameter], () => empty(parameter) && whenRunning("112", "113", terminate), "false"),
    GetValue: (element) => answer("GetValue", [element], () => whenRunning("122", "123", () => read(text(element))), ""),
    SetValue: (element, value) =>
      answer("SetValue", [element, value], () => whenRunning("132", "133", () => write(text(element), text(value))), "false"),
    Commit: (parameter) => answer("Commit", [parameter], () => empty(parameter) && whenRunning("142", "143", () => send(false)), "false"),
    GetLastError: () => lastError,
    GetErrorString: (code) => own(ERRORS, text(code)) || "",
    GetDiagnostic: (code) => ([lastError, ""].includes(text(code)) ? diagnostic : own(ERRORS, text(code)) || ""),
    version: "1.0",
  };
  return { api: api, restart: restart };
}
