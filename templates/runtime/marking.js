/* Says how right an answer is, as a share from 0 to 1. Pure functions; they know no page and no platform.
 *
 * An answer is kept as: single, true-false: the option's number or null; multiple: sorted option numbers; matching and
 * ordering: for each part the target or place chosen, or null; fill-in, numeric and short-text: what was typed.
 * All numbers count from 0 in the author's order. */
window.lmsToolkit = {};
(function (toolkit) {
  "use strict";

  const shares = {
    single: oneRight,
    "true-false": oneRight,
    multiple: severalRight,
    matching: partsRight,
    ordering: partsRight,
    "fill-in": spelledRight,
    numeric: numberRight,
    "short-text": () => 0, // nobody but a person can mark it; it has no points either
  };

  function share(question, answer) {
    return shares[question.kind](question, answer);
  }

  function isScored(question) {
    return question.kind !== "short-text";
  }

  function oneRight(question, answer) {
    return answer === question.key ? 1 : 0;
  }

  function severalRight(question, answer) {
    const right = answer.filter((index) => question.key.includes(index)).length;
    const wrong = answer.length - right;
    return Math.max(0, (right - wrong) / question.key.length);
  }

  function partsRight(question, answer) {
    const right = question.key.filter((target, part) => answer[part] === target).length;
    return right / question.key.length;
  }

  function spelledRight(question, answer) {
    const given = spelling(question, answer);
    return question.key.some((accepted) => spelling(question, accepted) === given) ? 1 : 0;
  }

  function spelling(question, text) {
    let plain = text.normalize("NFC").trim().replace(/\s+/g, " ").replace(/[’ʼ]/g, "'");
    if (!question.caseSensitive) plain = plain.toLowerCase();
    if (!question.accentSensitive) plain = withoutAccents(plain);
    return plain;
  }

  function withoutAccents(text) {
    const letters = text.normalize("NFD").replace(/\p{M}/gu, "");
    return letters.replace(/œ/g, "oe").replace(/Œ/g, "OE").replace(/æ/g, "ae").replace(/Æ/g, "AE");
  }

  function numberRight(question, answer) {
    const slack = 1e-9 * Math.max(1, Math.abs(question.key)); // 0.1 + 0.2 is not 0.3 in binary
    return Math.abs(toNumber(answer, question.unit) - question.key) <= question.tolerance + slack ? 1 : 0;
  }

  /* The HTML that answers a written answer which the author saw coming, or "". */
  function reply(question, answer) {
    const isMet = question.kind === "numeric" ? isSameNumber : isSameSpelling;
    const found = (question.replies || []).find(([expected]) => isMet(question, answer, expected));
    return found ? found[1] : "";
  }

  function isSameSpelling(question, answer, expected) {
    return spelling(question, answer) === spelling(question, expected);
  }

  function isSameNumber(question, answer, expected) {
    return numberRight({ ...question, key: Number(expected) }, answer) === 1;
  }

  /* "1 234,5 km" → 1234.5; NaN for what is no number. With both signs present the last one is the decimal sign. */
  function toNumber(text, unit) {
    let plain = text.trim().replace(/[\s\u00a0\u202f]/g, "").replace("\u2212", "-");
    const suffix = (unit || "").replace(/\s/g, "");
    if (suffix && plain.toLowerCase().endsWith(suffix.toLowerCase())) plain = plain.slice(0, -suffix.length);
    const decimal = Math.max(plain.lastIndexOf(","), plain.lastIndexOf("."));
    if (plain.includes(",") && plain.includes(".")) {
      plain = plain.slice(0, decimal).replace(/[.,]/g, "") + "." + plain.slice(decimal + 1);
    }
    plain = plain.replace(",", ".");
    return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : NaN;
  }

  /* The key of a message that says what is missing, or "" when the answer can be marked. */
  function missing(question, answer) {
    if (isEmpty(answer)) return "missing";
    if (Array.isArray(answer) && answer.includes(null)) return "missing_part";
    if (question.kind === "numeric" && isNaN(toNumber(answer, question.unit))) return "missing_number";
    if (question.kind === "ordering" && new Set(answer).size < answer.length) return "missing_order";
    return "";
  }

  function isEmpty(answer) {
    if (Array.isArray(answer)) return answer.every((part) => part === null);
    return answer === null || answer === "" || (typeof answer === "string" && answer.trim() === "");
  }

  /* Per cent of all points, rounded to two decimals. */
  function score(questions, answers) {
    const points = questions.reduce((sum, question) => sum + question.points, 0);
    const earned = questions.reduce((sum, question) => sum + question.points * share(question, answers[question.ref]), 0);
    return points ? Math.round((earned / points) * 10000) / 100 : 0;
  }

  toolkit.marking = { share, reply, isScored, score, missing, isEmpty, toNumber };
})(window.lmsToolkit);
