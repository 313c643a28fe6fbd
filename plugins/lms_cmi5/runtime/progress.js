/* What the learner has done in the unit, over all sessions of the registration: one document in the State API.
 *
 * {v, last, pages: {key: {status, score, location, memory}}, sent: {completed, passed}, seconds}. Pure functions. */
(function (toolkit) {
  "use strict";

  const { mergeRecords } = toolkit.merging;
  const { lessons, quizzes } = toolkit.unit;

  function fresh() {
    return { v: 1, last: "", pages: {}, sent: {}, seconds: 0 };
  }

  /* A document of ours, or a new one: what another tool left there must not break this. */
  function read(document) {
    const isOurs = document && document.v === 1 && document.pages && document.sent;
    return isOurs ? { ...fresh(), ...document } : fresh();
  }

  /* What changed from `base` to `mine`, applied to `theirs`; what was sent stays sent. */
  function merge(base, mine, theirs) {
    const pages = { ...theirs.pages };
    Object.keys(mine.pages).forEach((key) => {
      pages[key] = mergeRecords(base.pages[key], mine.pages[key], theirs.pages[key]);
    });
    return { ...mine, pages, sent: { ...theirs.sent, ...mine.sent }, seconds: Math.max(mine.seconds, theirs.seconds) };
  }

  /* Every lesson declared finished, every quiz handed in at least once. */
  function isCompleted(document) {
    const isRead = lessons.every((key) => statusOf(document, key) === "completed");
    return isRead && quizzes.every((key) => scoreOf(document, key) !== null);
  }

  function isJudged(document) {
    return quizzes.length > 0 && quizzes.every((key) => scoreOf(document, key) !== null);
  }

  function isPassed(document) {
    return quizzes.length > 0 && quizzes.every((key) => statusOf(document, key) === "passed");
  }

  /* Per cent; of several quizzes their mean. */
  function score(document) {
    return quizzes.reduce((sum, key) => sum + scoreOf(document, key), 0) / quizzes.length;
  }

  function statusOf(document, key) {
    return document.pages[key] ? document.pages[key].status : "incomplete";
  }

  function scoreOf(document, key) {
    return document.pages[key] ? document.pages[key].score : null;
  }

  toolkit.progress = { fresh, read, merge, isCompleted, isJudged, isPassed, score };
})(window.lmsToolkit);
