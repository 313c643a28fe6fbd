/* Speaks SCORM 1.2 (RTE 1.2, section 3) with the platform: every value is a string, and "true" means done. */
(function (toolkit) {
  "use strict";

  const { Session, toNumber, types, inOrder, cut } = toolkit.scorm;
  const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
  const NUMBERS = "123456789abcdefghijklmnopqrstuvwxyz0";
  const MAX_TEXT = 255; // CMIFeedback

  const session = new Session({
    api: "API",
    start: "LMSInitialize",
    get: "LMSGetValue",
    set: "LMSSetValue",
    commit: "LMSCommit",
    error: "LMSGetLastError",
    end: "LMSFinish",
    proof: "cmi.core.lesson_status",
    // read-only, not implemented, wrong type …
    forGood: ["201", "202", "203", "401", "402", "403", "404", "405"],
    optional: /^cmi\.(interactions|core\.(lesson_location|session_time|exit|score\.(min|max)))/,
  });
  let isReadOnly = false;

  function open() {
    return session.open() ? readRecord() : null;
  }

  function readRecord() {
    const mode = session.get("cmi.core.lesson_mode");
    isReadOnly = mode === "review" || mode === "browse";
    const status = session.get("cmi.core.lesson_status");
    session.remember("cmi.core.lesson_status", status);
    return {
      status: ["completed", "passed", "failed"].includes(status) ? status : "incomplete",
      score: toNumber(session.get("cmi.core.score.raw")),
      location: session.get("cmi.core.lesson_location"),
      memory: session.get("cmi.suspend_data"),
      passMark: toNumber(session.get("cmi.student_data.mastery_score")),
      readOnly: isReadOnly,
    };
  }

  function write(facts, isFinal) {
    return session.write(elements(facts));
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
      ...(toolkit.marking.isScored(question) ? [["correct_responses.0.pattern", pattern(question, keyAnswer(question))]] : []),
      ["weighting", String(question.points)],
      ["student_response", pattern(question, answer)],
      ["result", answered.isRight === null ? "neutral" : answered.isRight ? "correct" : "wrong"],
      ["latency", clock(answered.seconds, false)],
    ].map(([name, value]) => [prefix + name, value]);
  }

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
    return cut(answer.trim(), MAX_TEXT);
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

  toolkit.adapter = { open, write, close: () => session.close() };
})(window.lmsToolkit);
