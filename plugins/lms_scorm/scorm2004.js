/* Speaks SCORM 2004, 3rd and 4th edition (RTE 1.3, section 4.2), with the platform. What was done (completion_status)
 * and how well (success_status) are two facts here, and answers may say which text was chosen. */
(function (toolkit) {
  "use strict";

  const { Session, toNumber, types, inOrder, cut } = toolkit.scorm;
  const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
  const MAX_TEXT = 250; // SPM of a description and of a fill-in answer
  const MAX_LONG_TEXT = 4000; // SPM of a long-fill-in answer
  const MAX_IDENTIFIER = 40; // of 250: reports show them in columns
  const TOP = "#top"; // some platforms refuse an empty place
  const TERMINATED = "104"; // error code: this session is over
  const MAX_PATTERNS = 5; // SPM of correct_responses of a fill-in (RTE 4.2.9.1)

  const session = new Session({
    api: "API_1484_11",
    start: "Initialize",
    get: "GetValue",
    set: "SetValue",
    commit: "Commit",
    error: "GetLastError",
    end: "Terminate",
    proof: "cmi.completion_status",
    // out of order, not implemented, read-only, wrong type, out of range, dependency missing …
    forGood: ["351", "401", "402", "403", "404", "405", "406", "407", "408"],
    optional: /^cmi\.(interactions|location|session_time|exit|progress_measure|score\.(min|max))/,
  });
  const places = new Map(); // id of an interaction → its number in the platform's list
  let isReadOnly = false;

  function open() {
    if (!session.open()) {
      if (session.refusal === TERMINATED) toolkit.moodlePlayer.restart(session.home);
      return null;
    }
    toolkit.moodlePlayer.hasStarted();
    return readRecord();
  }

  function readRecord() {
    const mode = session.get("cmi.mode");
    isReadOnly = mode === "review" || mode === "browse";
    readPlaces();
    return {
      status: readStatus(),
      score: readScore(),
      location: readLocation(),
      memory: session.get("cmi.suspend_data"),
      passMark: percent(toNumber(session.get("cmi.scaled_passing_score"))),
      readOnly: isReadOnly,
    };
  }

  function readStatus() {
    const completion = session.get("cmi.completion_status");
    const success = session.get("cmi.success_status");
    session.remember("cmi.completion_status", completion);
    session.remember("cmi.success_status", success);
    if (success === "passed" || success === "failed") return success;
    return completion === "completed" ? "completed" : "incomplete";
  }

  function readLocation() {
    const location = session.get("cmi.location");
    return location === TOP ? "" : location;
  }

  function readScore() {
    const raw = toNumber(session.get("cmi.score.raw"));
    return raw === null ? percent(toNumber(session.get("cmi.score.scaled"))) : raw;
  }

  function percent(share) {
    return share === null ? null : Math.round(share * 10000) / 100;
  }

  /* A question answered in an earlier session keeps its place, whichever questions are drawn this time. */
  function readPlaces() {
    const count = toNumber(session.get("cmi.interactions._count")) || 0;
    for (let place = 0; place < count; place += 1) places.set(session.get(`cmi.interactions.${place}.id`), place);
  }

  function placeOf(id) {
    if (!places.has(id)) places.set(id, places.size);
    return places.get(id);
  }

  function write(facts, isFinal) {
    return session.write(elements(facts));
  }

  function elements(facts) {
    const time = ["cmi.session_time", duration(facts.seconds)];
    if (isReadOnly) return [time];
    return [
      ...statusElements(facts.status),
      ...scoreElements(facts.score),
      ["cmi.location", facts.location || TOP],
      ["cmi.suspend_data", facts.memory],
      ...facts.answers.map(interaction).reduce((all, some) => all.concat(some), []),
      time,
      // after "normal" the platform forgets the record and a second visit would begin at nothing (RTE 4.2.8)
      ["cmi.exit", "suspend"],
    ];
  }

  /* A failed quiz can be taken again, so it is not completed: as in 1.2, where failed is no end either. */
  function statusElements(status) {
    const isDone = status === "completed" || status === "passed";
    const completion = [
      ["cmi.completion_status", isDone ? "completed" : "incomplete"],
      ["cmi.progress_measure", isDone ? "1" : "0"], // with a threshold in the manifest the platform goes by this
    ];
    return status === "passed" || status === "failed" ? [...completion, ["cmi.success_status", status]] : completion;
  }

  function scoreElements(score) {
    if (score === null) return [];
    return [
      ["cmi.score.min", "0"],
      ["cmi.score.max", "100"],
      ["cmi.score.raw", decimal(score)],
      ["cmi.score.scaled", decimal(score / 100)],
    ];
  }

  /* One answer to the quiz; the last attempt takes the place of the one before. The order of the lines is RTE's. */
  function interaction(answered) {
    const { question, answer } = answered;
    const prefix = `cmi.interactions.${placeOf(question.id)}.`;
    return [
      ["id", question.id],
      ["type", typeOf(question)],
      ["timestamp", localTime(answered.at)],
      ...keys(question).map((text, number) => [`correct_responses.${number}.pattern`, text]),
      ["weighting", decimal(question.points)],
      ["learner_response", response(question, answer)],
      ["result", result(question, answer)],
      ["latency", duration(answered.seconds)],
      ["description", words(question.labels.question)],
    ].map(([name, value]) => [prefix + name, value]);
  }

  /* Room for 4,000 characters, where 1.2 has one kind of written answer. */
  function typeOf(question) {
    return question.kind === "short-text" ? "long-fill-in" : types[question.kind];
  }

  function result(question, answer) {
    if (!toolkit.marking.isScored(question)) return "neutral";
    const share = toolkit.marking.share(question, answer);
    if (share === 1) return "correct";
    return share === 0 ? "incorrect" : decimal(share);
  }

  /* Every accepted answer; a number as the range that is accepted. */
  function keys(question) {
    if (!toolkit.marking.isScored(question)) return [];
    if (question.kind === "fill-in") return accepted(question);
    if (question.kind !== "numeric") return [response(question, question.key)];
    return [`${decimal(question.key - question.tolerance)}[:]${decimal(question.key + question.tolerance)}`];
  }

  function accepted(question) {
    const mark = question.caseSensitive ? "{case_matters=true}" : "";
    return [...new Set(question.key.map((text) => words(text)))].slice(0, MAX_PATTERNS).map((text) => mark + text);
  }

  /* RTE 4.2.9.1: short identifiers, joined by [,] and paired by [.] */
  function response(question, answer) {
    const { choices, targets } = question.labels;
    if (question.kind === "true-false") return String(answer === 0);
    if (question.kind === "single") return identifier(answer, choices);
    if (question.kind === "multiple") return answer.map((index) => identifier(index, choices)).join("[,]");
    if (question.kind === "matching") return answer.map((target, part) => pair(part, choices, target, targets)).join("[,]");
    if (question.kind === "ordering") return inOrder(answer).map((item) => identifier(item, choices)).join("[,]");
    if (question.kind === "numeric") return decimal(toolkit.marking.toNumber(answer, question.unit));
    return words(answer, question.kind === "short-text" ? MAX_LONG_TEXT : MAX_TEXT);
  }

  function pair(part, choices, target, targets) {
    return `${identifier(part, choices)}[.]${identifier(target, targets)}`;
  }

  /* "b_La_bonne_reponse": the letter tells choices apart, the words are for whoever reads the report. */
  function identifier(index, texts) {
    const plain = (texts[index] || "").normalize("NFD").replace(/\p{M}/gu, "").replace(/œ/g, "oe").replace(/æ/g, "ae");
    const name = plain.replace(/[^A-Za-z0-9]+/g, "_").replace(/^_+/, "");
    return `${LETTERS[index]}_${name}`.slice(0, MAX_IDENTIFIER).replace(/_+$/, "");
  }

  /* One line that no platform takes for delimiters or for a language tag. */
  function words(text, limit = MAX_TEXT) {
    const line = text.replace(/\s+/g, " ").trim().replace(/\[([,.:])\]/g, "[ $1 ]").replace(/^\{/, "( ");
    return cut(line, limit);
  }

  /* real(10,7) without an exponent. */
  function decimal(value) {
    return value.toFixed(7).replace(/\.?0+$/, "");
  }

  /* timeinterval(second,10,2), such as PT1H2M3.45S. */
  function duration(seconds) {
    const hundredths = Math.round(seconds * 100);
    const hours = Math.floor(hundredths / 360000);
    const minutes = Math.floor(hundredths / 6000) % 60;
    const rest = decimal((hundredths % 6000) / 100);
    return `PT${hours ? `${hours}H` : ""}${minutes ? `${minutes}M` : ""}${rest}S`;
  }

  /* Without a zone: Moodle refuses a Z that has no fraction before it. */
  function localTime(date) {
    const two = (number) => String(number).padStart(2, "0");
    const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
    return `${day}T${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":")}`;
  }

  toolkit.adapter = { open, write, close: () => session.close() };
})(window.lmsToolkit);
