/* The graded quiz: answered as a whole, as often as its settings allow; the best result counts.
 *
 * `page.pool` is every question of the quiz, `page.questions` those of this attempt. In the saved state, `n` counts the
 * attempts that were submitted, `s` is the seed of this one, and `d` says that it is marked. */
(function (toolkit) {
  "use strict";

  const { marking } = toolkit;
  const SECONDS_BETWEEN_DRAFTS = 2;
  const MAX_ATTEMPTS = 9999; // what the build reckons with when it measures the saved state

  function startQuiz(page) {
    const form = document.getElementById("lms-quiz");
    page.pool = page.questions;
    arrange(page, form);
    page.pool.forEach((question) => {
      page.recall(question);
      question.field.addEventListener("input", () => noteDraft(page, question));
      question.field.addEventListener("change", () => noteDraft(page, question));
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      submit(page, form);
    });
    document.getElementById("lms-restart").addEventListener("click", () => restart(page, form));
    if (page.memory.d) showMarked(page, form, answersOf(page), true);
  }

  /* Shows the questions of this attempt, and hides the others. */
  function arrange(page, form) {
    if (!page.quiz.draw && !page.quiz.shuffle) return;
    if (!page.memory.s) page.memory.s = toolkit.drawing.newSeed();
    page.keepMemory();
    page.questions = toolkit.drawing.draw(page.pool, page.quiz, page.memory.s);
    page.pool.forEach((question) => { question.field.hidden = !page.questions.includes(question); });
    page.questions.forEach((question, index) => place(page, form, question, index + 1));
  }

  function place(page, form, question, number) {
    form.insertBefore(question.field, document.getElementById("lms-incomplete"));
    question.field.querySelector("[data-number]").textContent = toolkit.fill(page.words.number, { number });
    if (page.quiz.shuffle) question.shuffle(page.memory.s);
  }

  function noteDraft(page, question) {
    question.changedAt = new Date();
    question.seconds = (performance.now() - page.attemptStarted) / 1000;
    page.remember(question);
    page.saver.saveSoon(SECONDS_BETWEEN_DRAFTS);
  }

  function submit(page, form) {
    const open = page.questions.filter((question) => {
      const missing = marking.missing(question.data, question.read());
      question.complain(missing);
      return missing;
    });
    showIncomplete(page, open);
    if (!open.length) finish(page, form);
  }

  function showIncomplete(page, open) {
    const box = document.getElementById("lms-incomplete");
    box.hidden = !open.length;
    if (!open.length) return;
    const text = open.length === 1 ? page.words.incomplete_one : page.words.incomplete;
    const list = toolkit.element("ul", "", "");
    open.forEach((question) => list.append(linkTo(question)));
    box.replaceChildren(toolkit.element("p", "", toolkit.fill(text, { count: open.length })), list);
    box.focus();
  }

  function linkTo(question) {
    const line = toolkit.element("li", "", "");
    const link = toolkit.element("a", "", question.field.querySelector(".number").firstChild.textContent);
    link.href = `#${question.field.id}`;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      question.firstControl().focus();
    });
    line.append(link);
    return line;
  }

  function finish(page, form) {
    const answers = answersOf(page);
    page.questions.forEach((question) => page.remember(question));
    page.memory.d = 1;
    if (!page.isReadOnly) {
      page.memory.n = Math.min((page.memory.n || 0) + 1, MAX_ATTEMPTS);
      record(page, answers);
    }
    showMarked(page, form, answers, page.saver.save());
    document.getElementById("lms-result").focus();
  }

  /* A result never makes an earlier, better one worse. */
  function record(page, answers) {
    const facts = page.facts;
    const score = marking.score(questionData(page), answers);
    facts.score = Math.max(score, facts.score === null ? 0 : facts.score);
    page.memory.b = facts.score;
    page.keepMemory();
    facts.answers = withNewAnswers(facts.answers, page.questions.map((question) => reported(question, answers[question.data.ref])));
    if (facts.score >= page.passMark) facts.status = "passed";
    else if (!page.isDone()) facts.status = "failed";
  }

  /* Each question keeps the place of its first report, because platforms take its number for its identity. */
  function withNewAnswers(earlier, latest) {
    const byQuestion = new Map([...earlier, ...latest].map((one) => [one.question.ref, one]));
    return Array.from(byQuestion.values());
  }

  function reported(question, answer) {
    return {
      question: question.data,
      answer,
      isRight: marking.isScored(question.data) ? marking.share(question.data, answer) === 1 : null,
      seconds: question.seconds || 0,
      at: question.changedAt || new Date(),
    };
  }

  function showMarked(page, form, answers, isSaved) {
    const score = marking.score(questionData(page), answers);
    const isPassed = score >= page.passMark;
    const result = document.getElementById("lms-result");
    result.className = `result ${isPassed ? "is-passed" : "is-failed"}`;
    result.hidden = false;
    put("lms-result-title", page.words[isPassed ? "passed" : "failed"]);
    put("lms-result-score", toolkit.fill(page.words.result, { score: toolkit.decimal(score, page.words), mark: toolkit.decimal(page.passMark, page.words) }));
    const best = page.facts.score !== null && page.facts.score > score;
    put("lms-result-best", best ? toolkit.fill(page.words.best, { score: toolkit.decimal(page.facts.score, page.words) }) : "");
    showAttempts(page);
    showSaved(page, isSaved);
    page.questions.forEach((question) => question.showFeedback(answers[question.data.ref]));
    setLocked(form, true);
  }

  function showAttempts(page) {
    const total = page.quiz.attempts;
    const left = page.isReadOnly || !total ? Infinity : total - (page.memory.n || 0);
    const key = left > 0 ? "attempt" : "no_attempt_left";
    put("lms-result-attempts", total ? toolkit.fill(page.words[key], { number: page.memory.n || 0, total }) : "");
    document.getElementById("lms-restart").hidden = left <= 0;
  }

  function showSaved(page, isSaved) {
    const key = !page.isConnected ? "result_alone" : isSaved ? "result_saved" : "result_unsaved";
    put("lms-result-saved", page.isReadOnly ? page.words.review_mode : page.words[key]);
    if (key === "result_unsaved") page.whenSaved(() => showSaved(page, true));
  }

  function put(id, text) {
    const line = document.getElementById(id);
    line.textContent = text;
    line.hidden = !text;
  }

  function restart(page, form) {
    setLocked(form, false);
    page.pool.forEach((question) => {
      question.clear();
      question.changedAt = null;
      question.seconds = 0;
      page.forget(question);
    });
    delete page.memory.d;
    delete page.memory.s;
    arrange(page, form);
    page.keepMemory();
    page.attemptStarted = performance.now();
    document.getElementById("lms-result").hidden = true;
    page.saver.save();
    page.questions[0].firstControl().focus();
  }

  /* Marked answers stay readable; the button in the result opens them again. */
  function setLocked(form, isLocked) {
    form.classList.toggle("is-marked", isLocked);
    form.querySelectorAll("input, select, textarea, button").forEach((control) => { control.disabled = isLocked; });
  }

  function answersOf(page) {
    return Object.fromEntries(page.questions.map((question) => [question.data.ref, question.read()]));
  }

  function questionData(page) {
    return page.questions.map((question) => question.data);
  }

  toolkit.startQuiz = startQuiz;
})(window.lmsToolkit);
