/* Speaks SCORM 1.2 (RTE 1.2, section 3) with the platform: every value is a string, and "true" means done. */
(function (toolkit) {
  "use strict";

  const MAX_FRAMES = 500;
  // Answers that will be the same next time: read-only, not implemented, wrong type …
  const FOR_GOOD = ["201", "202", "203", "401", "402", "403", "404", "405"];
  const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
  const NUMBERS = "123456789abcdefghijklmnopqrstuvwxyz0";
  const OPTIONAL = /^cmi\.(interactions|core\.(lesson_location|session_time|exit|score\.(min|max)))/;

  let api = null;
  let isOpen = false;
  let isReadOnly = false;
  let known = {}; // element → the value that the platform has
  let refused = {}; // element → true, once the platform has refused it for good

  function findApi() {
    return searchUp(window) || searchUp(openerOf(window)) || searchUp(openerOf(topOf(window)));
  }

  function searchUp(start) {
    let frame = start;
    for (let hop = 0; frame && hop < MAX_FRAMES; hop += 1) {
      const found = apiOf(frame);
      if (found) return found;
      if (frame.parent === frame) return null;
      frame = frame.parent;
    }
    return null;
  }

  /* Looking into a frame of another site throws; the API may still be further up. */
  function apiOf(frame) {
    try {
      return frame.API && frame.API.LMSInitialize ? frame.API : null;
    } catch (error) {
      return null;
    }
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

  function call(name, ...values) {
    try {
      return String(api[name](...values));
    } catch (error) {
      return "false"; // a platform that went away or breaks is one that did not save
    }
  }

  function isDone(answer) {
    return answer === "true";
  }

  function get(element) {
    const value = call("LMSGetValue", element);
    return value === "false" || value === "undefined" || value === "null" ? "" : value;
  }

  function open() {
    api = findApi();
    if (!api) return null;
    isOpen = isDone(call("LMSInitialize", "")) || get("cmi.core.lesson_status") !== "";
    return isOpen ? readRecord() : null;
  }

  function readRecord() {
    const mode = get("cmi.core.lesson_mode");
    isReadOnly = mode === "review" || mode === "browse";
    const status = get("cmi.core.lesson_status");
    known["cmi.core.lesson_status"] = status;
    return {
      status: ["completed", "passed", "failed"].includes(status) ? status : "incomplete",
      score: toNumber(get("cmi.core.score.raw")),
      location: get("cmi.core.lesson_location"),
      memory: get("cmi.suspend_data"),
      passMark: toNumber(get("cmi.student_data.mastery_score")),
      readOnly: isReadOnly,
    };
  }

  function toNumber(text) {
    return text.trim() !== "" && isFinite(Number(text)) ? Number(text) : null;
  }

  function write(facts, isFinal) {
    if (!isOpen) return { ok: false, refused: [] };
    const isWritten = elements(facts).map(([element, value]) => put(element, value)).every(Boolean);
    const isCommitted = isDone(call("LMSCommit", ""));
    return { ok: isWritten && isCommitted, refused: Object.keys(refused).filter((name) => !OPTIONAL.test(name)) };
  }

  function put(element, value) {
    if (refused[element] || known[element] === value) return true;
    if (isDone(call("LMSSetValue", element, value))) {
      known[element] = value;
      return true;
    }
    if (FOR_GOOD.includes(call("LMSGetLastError"))) refused[element] = true;
    return Boolean(refused[element]);
  }

  function elements(facts) {
    const time = ["cmi.core.session_time", clock(facts.seconds, true)];
    if (isReadOnly) return [time];
    const isTerminal = facts.status === "completed" || facts.status === "passed";
    return [
      ["cmi.core.lesson_status", facts.status],
      ...scoreElements(facts.score),
      ["cmi.core.lesson_location", facts.location],
      ["cmi.suspend_data", facts.memory],
      ...facts.answers.map(interaction).reduce((all, some) => all.concat(some), []),
      time,
      ["cmi.core.exit", isTerminal ? "" : "suspend"],
    ];
  }

  function scoreElements(score) {
    if (score === null) return [];
    return [["cmi.core.score.min", "0"], ["cmi.core.score.max", "100"], ["cmi.core.score.raw", String(score)]];
  }

  /* One answer to the quiz; the last attempt takes the place of the one before. */
  function interaction(answered, index) {
    const prefix = `cmi.interactions.${index}.`;
    const { question, answer } = answered;
    return [
      ["id", question.id],
      ["type", types[question.kind]],
      ["time", timeOfDay(answered.at)],
      ["correct_responses.0.pattern", pattern(question, keyAnswer(question))],
      ["weighting", String(question.points)],
      ["student_response", pattern(question, answer)],
      ["result", answered.isRight ? "correct" : "wrong"],
      ["latency", clock(answered.seconds, false)],
    ].map(([name, value]) => [prefix + name, value]);
  }

  const types = {
    single: "choice",
    multiple: "choice",
    "true-false": "true-false",
    matching: "matching",
    ordering: "sequencing",
    "fill-in": "fill-in",
    numeric: "numeric",
  };

  function keyAnswer(question) {
    if (question.kind === "fill-in") return question.key[0];
    return question.kind === "numeric" ? String(question.key) : question.key;
  }

  /* RTE 1.2, cmi.interactions.n.student_response: one character per choice, pairs as a.1, at most 255 characters. */
  function pattern(question, answer) {
    if (question.kind === "true-false") return answer === 0 ? "t" : "f";
    if (question.kind === "single") return LETTERS[answer];
    if (question.kind === "multiple") return answer.map((index) => LETTERS[index]).join(",");
    if (question.kind === "matching") return answer.map((target, part) => `${LETTERS[part]}.${NUMBERS[target]}`).join(",");
    if (question.kind === "ordering") return inOrder(answer).map((item) => LETTERS[item]).join(",");
    if (question.kind === "numeric") return String(toolkit.marking.toNumber(answer, question.unit));
    return answer.trim().slice(0, 255);
  }

  /* Places of items → items by place. */
  function inOrder(places) {
    return places.map((place, item) => [place, item]).sort((a, b) => a[0] - b[0]).map((pair) => pair[1]);
  }

  /* CMITimespan: HHHH:MM:SS.SS, or HH:MM:SS without hundredths. */
  function clock(seconds, isLong) {
    const hundredths = Math.min(Math.round(seconds * 100), isLong ? 3599999999 : 35999900);
    const whole = Math.floor(hundredths / 100);
    const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    const text = parts.map((part, index) => String(part).padStart(isLong && !index ? 4 : 2, "0")).join(":");
    return isLong ? `${text}.${String(hundredths % 100).padStart(2, "0")}` : text;
  }

  function timeOfDay(date) {
    return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
  }

  function close() {
    if (!isOpen) return;
    isOpen = false;
    call("LMSFinish", "");
  }

  toolkit.adapter = { open, write, close };
})(window.lmsToolkit);
