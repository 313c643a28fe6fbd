/* Makes the blocks of a lesson work: notes that are kept, explanations beside their word, and all of it on paper. */
(function (toolkit) {
  "use strict";

  const SECONDS_BETWEEN_NOTES = 2;
  const GAP = 8; // px between a word and its explanation

  function startBlocks(page) {
    document.querySelectorAll("[data-notes]").forEach((box) => startNotes(page, box));
    document.querySelectorAll(".explanation[popover]").forEach(startExplanation);
    watchPrinting();
  }

  /* The answers of a page are kept under hexadecimal names; notes have names that begin with n. */
  function startNotes(page, box) {
    const name = box.dataset.notes;
    if (typeof page.memory.a[name] === "string") box.value = page.memory.a[name];
    box.addEventListener("input", () => {
      if (box.value) page.memory.a[name] = box.value;
      else delete page.memory.a[name];
      page.keepMemory();
      page.saver.saveSoon(SECONDS_BETWEEN_NOTES);
    });
  }

  /* A popover lies above everything, in the middle of the window: bring it to the word that opened it. */
  function startExplanation(box) {
    const word = document.querySelector(`[popovertarget="${box.id}"]`);
    if (!word) return;
    box.addEventListener("toggle", () => {
      if (!box.matches(":popover-open")) return;
      const { left, top, bottom } = word.getBoundingClientRect();
      const hasRoom = bottom + GAP + box.offsetHeight <= window.innerHeight;
      const widest = document.documentElement.clientWidth - box.offsetWidth - GAP;
      box.style.left = `${Math.max(GAP, Math.min(left, widest))}px`;
      box.style.top = `${hasRoom ? bottom + GAP : Math.max(GAP, top - GAP - box.offsetHeight)}px`;
    });
    window.addEventListener("scroll", () => box.matches(":popover-open") && box.hidePopover(), { passive: true });
  }

  /* Paper cannot be clicked: print with everything open, hints excepted, and close it again. */
  function watchPrinting() {
    let opened = [];
    window.addEventListener("beforeprint", () => {
      opened = Array.from(document.querySelectorAll("main details:not([open]):not(.clue)"));
      document.querySelectorAll("details[name]").forEach((one) => {
        one.dataset.group = one.name;
        one.removeAttribute("name"); // or opening one would close the others
      });
      opened.forEach((one) => { one.open = true; });
    });
    window.addEventListener("afterprint", () => {
      opened.forEach((one) => { one.open = false; });
      document.querySelectorAll("details[data-group]").forEach((one) => { one.setAttribute("name", one.dataset.group); });
    });
  }

  toolkit.startBlocks = startBlocks;
})(window.lmsToolkit);
