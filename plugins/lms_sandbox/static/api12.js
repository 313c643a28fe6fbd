/* The SCORM 1.2 API adapter, written from the Run-Time Environment 1.2 (3.3 API, 3.4 data model).
   It knows nothing of the page: `model` is the data model, `launch` the values to start from, `save(commit)` sends
   {item, sitting, values} and says whether that worked, `observe(call)` is told of every call. */
"use strict";

function createScorm12Api(model, launch, save, observe) {
  const ERRORS = {
    "0": "No error",
    "101": "General exception",
    "201": "Invalid argument error",
    "202": "Element cannot have children",
    "203": "Element not an array - cannot have count",
    "301": "Not initialized",
    "401": "Not implemented error",
    "402": "Invalid set value, element is a keyword",
    "403": "Element is read only",
    "404": "Element is write only",
    "405": "Incorrect data type",
  };
  const KEYWORD = /\.(_children|_count|_version)$/;
  const PLACEHOLDER = /\.n(\.|$)/; // the `n` of the table is no index

  const { own, generic } = cmiElements;
  const values = Object.assign({}, launch.values);
  const counts = cmiElements.counter(Object.keys(values));
  let changed = {};
  let totalAtStart = values["cmi.core.total_time"];
  let initialized = false;
  let lastError = "0";
  let diagnostic = "";

  function fail(code, why) {
    lastError = code;
    diagnostic = why || "";
    return "";
  }

  function unknown(element) {
    return element.startsWith("cmi.") ? fail("401", element + " is not in the data model") : fail("201", element);
  }

  function isKnown(name) {
    return Boolean(own(model.elements, name) || own(model.children, name));
  }

  function getKeyword(element) {
    const parent = element.replace(KEYWORD, "");
    const name = generic(parent + ".").slice(0, -1);
    if (!counts.has(parent + ".")) {
      return fail("201", parent + " does not exist yet");
    }
    if (element.endsWith("._children")) {
      return own(model.children, name) || (isKnown(name) ? fail("202", parent) : unknown(element));
    }
    if (element.endsWith("._count")) {
      return model.arrays.includes(name) ? String(counts.of(parent)) : isKnown(name) ? fail("203", parent) : unknown(element);
    }
    return parent === "cmi" ? "3.4" : unknown(element);
  }

  function get(element) {
    if (typeof element !== "string" || element === "") {
      return fail("201", "name an element");
    }
    if (PLACEHOLDER.test(element)) {
      return unknown(element);
    }
    if (KEYWORD.test(element)) {
      return getKeyword(element);
    }
    const entry = own(model.elements, generic(element));
    if (!entry) {
      return isKnown(generic(element)) ? fail("201", element + " is a group, not a value") : unknown(element);
    }
    if (entry.access === "w") {
      return fail("404", element);
    }
    if (!counts.has(element)) {
      return fail("201", element + " does not exist yet");
    }
    return own(values, element) || "";
  }

  function typeOf(element, entry) {
    if (entry.type !== "feedback") {
      return model.types[entry.type];
    }
    const interaction = element.split(".").slice(0, 3).join(".");
    return own(model.responses, own(values, interaction + ".type") || "") || model.types.feedback;
  }

  function set(element, value) {
    if (typeof element !== "string" || element === "") {
      return fail("201", "name an element");
    }
    if (PLACEHOLDER.test(element)) {
      return unknown(element);
    }
    if (KEYWORD.test(element)) {
      const parent = generic(element.replace(KEYWORD, "") + ".").slice(0, -1);
      return parent === "cmi" || isKnown(parent) || model.arrays.includes(parent) ? fail("402", element) : unknown(element);
    }
    const entry = own(model.elements, generic(element));
    if (!entry) {
      return isKnown(generic(element)) ? fail("201", element + " is a group, not a value") : unknown(element);
    }
    if (entry.access === "r") {
      return fail("403", element);
    }
    const gap = counts.gap(element);
    if (gap) {
      return fail("201", gap[0] + " has " + counts.of(gap[0]) + " entries; the next index is that number");
    }
    return store(element, entry, String(value));
  }

  function store(element, entry, value) {
    const wanted = element === "cmi.comments" ? (own(values, element) || "") + value : value; // comments add up
    if (!new RegExp("^(?:" + typeOf(element, entry) + ")$").test(wanted)) {
      return fail("405", element + ": " + value.slice(0, 60) + " is not of type " + entry.type);
    }
    values[element] = wanted;
    changed[element] = wanted;
    counts.note(element);
    return "true";
  }

  function hundredths(timespan) {
    const parts = (timespan || "0:0:0").split(":").map(Number);
    return Math.round((parts[0] * 3600 + parts[1] * 60 + parts[2]) * 100);
  }

  function sum(first, second) {
    const total = Math.min(hundredths(first) + hundredths(second), 3599999999);
    const two = (number) => String(number).padStart(2, "0");
    const seconds = Math.floor(total / 100);
    return String(Math.floor(seconds / 3600)).padStart(4, "0") + ":" + two(Math.floor(seconds / 60) % 60) + ":" +
      two(seconds % 60) + "." + two(total % 100);
  }

  /* What the LMS adds at the end of a session: a status for SCOs that set none, and the mastery score's verdict. */
  function concluded() {
    const status = values["cmi.core.lesson_status"];
    const raw = own(values, "cmi.core.score.raw") || "";
    if (launch.mastery_score !== null && raw !== "") {
      return Number(raw) >= launch.mastery_score ? "passed" : "failed";
    }
    return status === "not attempted" ? "completed" : status;
  }

  function send(finishing) {
    const sent = Object.assign({}, changed);
    if (own(values, "cmi.core.session_time")) {
      sent["cmi.core.total_time"] = sum(totalAtStart, values["cmi.core.session_time"]);
    }
    if (finishing) {
      sent["cmi.core.lesson_status"] = concluded();
      sent["cmi.core.exit"] = own(values, "cmi.core.exit") || "";
    }
    if (Object.keys(sent).length && !save({ item: launch.item, sitting: launch.sitting, values: sent })) {
      return fail("101", "the LMS could not save; call again");
    }
    changed = {};
    if (finishing) {
      Object.assign(values, sent);
      startOver(sent);
    }
    return "true";
  }

  /* The same SCO may be started again without a new page. */
  function startOver(sent) {
    initialized = false;
    totalAtStart = sent["cmi.core.total_time"] || totalAtStart;
    values["cmi.core.entry"] = values["cmi.core.exit"] === "suspend" ? "resume" : "";
    delete values["cmi.core.exit"];
    delete values["cmi.core.session_time"];
  }

  function empty(parameter) {
    return parameter === "" ? "true" : fail("201", "the argument must be an empty string");
  }

  function whenRunning(action) {
    return initialized ? action() : fail("301", "call LMSInitialize first");
  }

  function answer(name, parameters, action, onFailure) {
    lastError = "0";
    diagnostic = "";
    const result = action() || (lastError === "0" ? "" : onFailure);
    observe({ name: name, parameters: parameters, result: result, error: lastError, diagnostic: diagnostic, values: values });
    return result;
  }

  return {
    LMSInitialize: function (parameter) {
      return answer("LMSInitialize", [parameter], function () {
        if (!empty(parameter)) {
          return "";
        }
        if (initialized) {
          return fail("101", "it is initialized already");
        }
        initialized = true;
        return "true";
      }, "false");
    },
    LMSFinish: function (parameter) {
      return answer("LMSFinish", [parameter], () => empty(parameter) && whenRunning(() => send(true)), "false");
    },
    LMSGetValue: function (element) {
      return answer("LMSGetValue", [element], () => whenRunning(() => get(element)), "");
    },
    LMSSetValue: function (element, value) {
      return answer("LMSSetValue", [element, value], () => whenRunning(() => set(element, value)), "false");
    },
    LMSCommit: function (parameter) {
      return answer("LMSCommit", [parameter], () => empty(parameter) && whenRunning(() => send(false)), "false");
    },
    LMSGetLastError: function () {
      return lastError;
    },
    LMSGetErrorString: function (code) {
      return own(ERRORS, String(code)) || "";
    },
    LMSGetDiagnostic: function (code) {
      return String(code === "" || code === undefined ? lastError : code) === lastError ? diagnostic : own(ERRORS, String(code)) || "";
    },
  };
}
