/* A page's side of the session: hands everything to the window around it, which speaks with the LRS. */
(function (toolkit) {
  "use strict";

  const { site } = toolkit;
  const session = sessionAround();
  const line = document.getElementById("lms-done");

  /* Looking into a window of another site throws: then it is not ours. */
  function sessionAround() {
    try {
      return window.parent === window ? null : window.parent.lmsSession || null;
    } catch (error) {
      return null;
    }
  }

  function open() {
    return session ? JSON.parse(session.open(line.dataset.page)) : null;
  }

  function write(facts) {
    const record = { status: facts.status, score: facts.score, location: facts.location, memory: facts.memory };
    return session.write(line.dataset.page, JSON.stringify({ record, answers: facts.answers.map(reported) }));
  }

  /* An answer that only a person can mark is neither right nor wrong. */
  function reported({ question, answer, isRight, seconds, at }) {
    const isMarked = question.kind !== "short-text";
    return { id: question.id, response: response(question, answer), isRight: isMarked ? isRight : null, seconds, at };
  }

  /* xAPI data, section 2.4.4.1: parts are joined by [,] and [.]; names are those of the question's definition. */
  function response(question, answer) {
    if (question.kind === "true-false") return answer === 0 ? "true" : "false";
    if (question.kind === "matching") return joined(answer, (target, part) => `source-${part}[.]target-${target}`);
    if (question.kind === "ordering") return joined(inOrder(answer), (item) => `choice-${item}`);
    if (question.kind === "numeric") return String(toolkit.marking.toNumber(answer, question.unit));
    return typeof answer === "string" ? answer.trim() : joined([].concat(answer), (index) => `choice-${index}`);
  }

  function joined(parts, name) {
    return parts.map(name).join("[,]");
  }

  /* Places of items → items by place. */
  function inOrder(places) {
    return places.map((place, item) => [place, item]).sort((a, b) => a[0] - b[0]).map((pair) => pair[1]);
  }

  toolkit.adapter = {
    open,
    write,
    close() {}, // the session goes on with the next page
    progress: () => (session ? JSON.parse(session.progress()) : null),
    watch: (then) => session && session.watch(then),
    absence: site.noPlatform,
    words: { finished_saved: site.words.finished_next },
  };
})(window.lmsToolkit);
