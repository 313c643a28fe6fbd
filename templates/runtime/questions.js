/* Reads and writes the form controls of one question, and shows how it was answered. */
(function (toolkit) {
  "use strict";

  const { marking } = toolkit;
  const VERDICTS = ["is-right", "is-partly", "is-wrong", "is-noted"];
  const LONG_CHOICE = 24; // characters: about what a closed list shows on a phone

  function Question(data, words) {
    this.data = data;
    this.words = words;
    this.field = document.querySelector(`[data-question="${data.ref}"]`);
    this.message = document.getElementById(`lms-m-${data.ref}`);
    this.feedback = this.field.querySelector("[data-feedback]");
    this.field.addEventListener("change", () => this.showChoices());
    this.spots().forEach((spot) => spot.addEventListener("click", () => this.choose(spot.dataset.spot)));
  }

  Question.prototype = {
    read() {
      const kind = this.data.kind;
      if (kind === "multiple") return this.ticked();
      if (kind === "single" || kind === "true-false") return this.ticked().length ? this.ticked()[0] : null;
      if (kind === "matching" || kind === "ordering") return this.selects().map(toTarget);
      return this.input().value;
    },

    write(answer) {
      const wanted = Array.isArray(answer) ? answer : [answer];
      if (this.boxes().length) this.boxes().forEach((box) => { box.checked = wanted.includes(Number(box.value)); });
      else if (this.selects().length) this.selects().forEach((select, part) => { select.value = toValue(wanted[part]); });
      else this.input().value = typeof answer === "string" ? answer : "";
      this.showChoices();
    },

    showChoices() {
      this.showLongChoices();
      const ticked = this.ticked();
      this.spots().forEach((spot) => spot.classList.toggle("is-chosen", ticked.includes(Number(spot.dataset.spot))));
    },

    /* The areas of a picture are a second way to the list below it. */
    spots() {
      return Array.from(this.field.querySelectorAll("[data-spot]"));
    },

    choose(index) {
      const box = this.boxes().find((one) => one.value === index);
      box.focus({ preventScroll: true });
      box.click(); // does nothing once the quiz is marked, like the list itself
    },

    /* A closed list cuts long texts off; the whole choice is written below it. */
    showLongChoices() {
      this.field.querySelectorAll(".chosen").forEach((line) => {
        const select = line.parentElement.querySelector("select");
        const text = select.value === "" ? "" : select.selectedOptions[0].textContent;
        line.textContent = text;
        line.hidden = text.length <= LONG_CHOICE;
      });
    },

    clear() {
      this.write(null);
      this.hideFeedback();
      this.complain("");
    },

    boxes() {
      return Array.from(this.field.querySelectorAll(".choice input"));
    },

    ticked() {
      return this.boxes().filter((box) => box.checked).map((box) => Number(box.value)).sort((a, b) => a - b);
    },

    /* In the author's order, whatever the order shown. */
    selects() {
      const found = Array.from(this.field.querySelectorAll("select"));
      return found.sort((a, b) => Number(a.dataset.part) - Number(b.dataset.part));
    },

    input() {
      return this.field.querySelector(".written input, .written textarea");
    },

    firstControl() {
      return this.field.querySelector("input, select, textarea");
    },

    /* Shows what is missing, "" to take it away. */
    complain(key) {
      this.message.textContent = key ? this.words[key] : "";
      this.message.hidden = !key;
      this.field.classList.toggle("is-missing", Boolean(key));
      this.field.querySelectorAll("input, select, textarea").forEach((control) => setFlag(control, "aria-invalid", key));
    },

    showFeedback(answer) {
      const share = marking.share(this.data, answer);
      const verdict = !marking.isScored(this.data) ? "noted" : share === 1 ? "right" : share > 0 ? "partly" : "wrong";
      this.field.classList.remove(...VERDICTS);
      this.field.classList.add(`is-${verdict}`);
      this.feedback.replaceChildren(this.verdictLine(verdict, share), ...this.explanations(answer, share));
      this.markChoices(answer);
    },

    /* Options in the order of this attempt. Numbered, placed and true-false choices keep theirs. */
    shuffle(seed) {
      const list = this.field.querySelector("[data-shuffle]");
      if (!list) return;
      const nameOf = (choice) => `${this.data.ref}/${choice.dataset.choice}`;
      list.append(...toolkit.drawing.shuffled(this.choices(list), seed, nameOf));
    },

    choices(list) {
      const found = Array.from(list.querySelectorAll(".choice"));
      return found.sort((a, b) => Number(a.dataset.choice) - Number(b.dataset.choice));
    },

    hideFeedback() {
      this.field.classList.remove(...VERDICTS);
      this.feedback.replaceChildren();
      this.markChoices(null);
    },

    verdictLine(verdict, share) {
      const line = element("p", "verdict", this.words[verdict]);
      if (verdict === "partly") {
        const earned = toolkit.decimal(share * this.data.points, this.words);
        const points = toolkit.decimal(this.data.points, this.words);
        line.append(` (${toolkit.fill(this.words.points_earned, { earned, points })})`);
      }
      return line;
    },

    explanations(answer, share) {
      const parts = this.partsToTell(answer).filter((index) => this.data.choiceFeedback[index]);
      const lines = parts.map((index) => safeHtml("p", "choice-feedback", this.data.choiceFeedback[index]));
      const reply = this.data.replies ? marking.reply(this.data, answer) : "";
      if (reply) lines.push(safeHtml("p", "choice-feedback", reply));
      if (share < 1 && this.data.answerHtml) {
        const expected = safeHtml("div", "expected", this.data.answerHtml);
        expected.prepend(element("p", "", this.words.answer_is));
        lines.push(expected);
      }
      if (this.data.feedback) lines.push(safeHtml("div", "explanation", this.data.feedback));
      return lines;
    },

    /* Whose feedback is due: the options chosen, the pairs missed. */
    partsToTell(answer) {
      if (this.boxes().length) return [].concat(answer);
      if (this.data.kind !== "matching") return [];
      return answer.map((target, part) => part).filter((part) => answer[part] !== this.data.key[part]);
    },

    /* Marks the learner's own choices, in words for those who do not see colours. */
    markChoices(answer) {
      this.field.querySelectorAll(".mark").forEach((mark) => mark.remove());
      this.field.querySelectorAll(".choice, .part, .spot").forEach((part) => part.classList.remove("chosen-right", "chosen-wrong"));
      if (answer === null) return;
      this.spots().forEach((spot) => this.markSpot(spot, answer));
      if (this.boxes().length) [].concat(answer).forEach((index) => this.markChoice(`.choice[data-choice="${index}"]`, this.isKey(index)));
      if (this.selects().length) answer.forEach((target, part) => this.markChoice(`.part[data-part="${part}"]`, this.data.key[part] === target));
    },

    markSpot(spot, answer) {
      const index = Number(spot.dataset.spot);
      if (answer === index) spot.classList.add(this.isKey(index) ? "chosen-right" : "chosen-wrong");
    },

    isKey(index) {
      return [].concat(this.data.key).includes(index);
    },

    markChoice(selector, isRight) {
      const part = this.field.querySelector(`li${selector}, label${selector}`);
      part.classList.add(isRight ? "chosen-right" : "chosen-wrong");
      const mark = element("span", "mark", isRight ? "✓" : "✗");
      mark.setAttribute("aria-hidden", "true");
      part.append(mark, element("span", "mark unseen", ` (${this.words[isRight ? "your_choice_right" : "your_choice_wrong"]})`));
    },
  };

  function toTarget(select) {
    return select.value === "" ? null : Number(select.value);
  }

  function toValue(target) {
    return target === null || target === undefined ? "" : String(target);
  }

  function setFlag(control, name, value) {
    if (value) control.setAttribute(name, "true");
    else control.removeAttribute(name);
  }

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.textContent = text;
    return made;
  }

  /* For HTML that the build has sanitised, and nothing else. */
  function safeHtml(tag, className, html) {
    const made = element(tag, className, "");
    made.innerHTML = html;
    return made;
  }

  toolkit.fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));
  toolkit.decimal = (value, words) => String(Math.round(value * 100) / 100).replace(".", words.decimal);
  toolkit.element = element;
  toolkit.Question = Question;
})(window.lmsToolkit);
