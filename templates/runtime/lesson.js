/* A lesson: where the reader is, self-checks, and the button that ends it. */
(function (toolkit) {
  "use strict";

  const SECONDS_BETWEEN_PLACES = 5;

  function startLesson(page) {
    page.questions.forEach((question) => startSelfCheck(page, question));
    resumePlace(page);
    watchPlace(page);
    startFinish(page);
  }

  function startSelfCheck(page, question) {
    const form = document.querySelector(`[data-self-check-form="${question.data.ref}"]`);
    const retry = form.querySelector("[data-retry]");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (check(question)) {
        retry.hidden = false;
        page.remember(question);
        page.saver.save();
      }
    });
    retry.addEventListener("click", () => {
      question.clear();
      retry.hidden = true;
      page.forget(question);
      question.firstControl().focus();
    });
    if (page.recall(question) && isComplete(question)) retry.hidden = !check(question);
  }

  function isComplete(question) {
    return !toolkit.marking.missing(question.data, question.read());
  }

  function check(question) {
    const answer = question.read();
    const missing = toolkit.marking.missing(question.data, answer);
    question.complain(missing);
    if (missing) question.firstControl().focus();
    else question.showFeedback(answer);
    return !missing;
  }

  function headings() {
    return Array.from(document.querySelectorAll(".text h2[id], .text h3[id], .text h4[id]"));
  }

  function resumePlace(page) {
    const heading = page.facts.location && document.getElementById(page.facts.location);
    if (!heading || !headings().includes(heading) || page.facts.status === "completed") return;
    const note = toolkit.element("p", "resume", `${page.words.resume_here} `);
    const link = toolkit.element("a", "", page.words.to_top);
    link.href = "#lms-main";
    note.append(link);
    heading.before(note);
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    note.scrollIntoView();
  }

  function watchPlace(page) {
    window.addEventListener("scroll", () => {
      const place = currentHeading();
      if (place === page.facts.location) return;
      page.facts.location = place;
      page.saver.saveSoon(SECONDS_BETWEEN_PLACES);
    }, { passive: true });
  }

  /* The last heading that has come up to the upper third of the window. */
  function currentHeading() {
    const line = window.innerHeight / 3;
    const passed = headings().filter((heading) => heading.getBoundingClientRect().top <= line);
    return passed.length ? passed[passed.length - 1].id : "";
  }

  function startFinish(page) {
    const button = document.getElementById("lms-finish");
    if (page.isDone()) showFinished(page, button, true);
    button.addEventListener("click", () => {
      if (!page.isDone()) page.facts.status = "completed";
      showFinished(page, button, page.saver.save());
    });
  }

  function showFinished(page, button, isSaved) {
    const key = !page.isConnected ? "finished_alone" : isSaved || page.isReadOnly ? "finished_saved" : "finished_unsaved";
    button.textContent = `✓ ${page.words.finished}`;
    button.classList.add("is-done");
    document.getElementById("lms-finish-result").textContent = page.words[key];
    if (key === "finished_unsaved") page.whenSaved(() => showFinished(page, button, true));
  }

  toolkit.startLesson = startLesson;
})(window.lmsToolkit);
