/* How a reader likes pages to look: the size of letters, and light or dark. Kept in the browser, never on a platform. */
(function (toolkit) {
  "use strict";

  const STORE = "lms-toolkit-view";
  const CHOICES = { size: ["normal", "large", "larger"], theme: ["system", "light", "dark"] };

  /* A browser that keeps nothing for this site, or not in a frame, still shows what is chosen. */
  function remembered() {
    try {
      return JSON.parse(window.localStorage.getItem(STORE)) || {};
    } catch (error) {
      return {};
    }
  }

  function remember(view) {
    try {
      window.localStorage.setItem(STORE, JSON.stringify(view));
    } catch (error) {
      // it holds for this page alone
    }
  }

  function show(view) {
    Object.keys(CHOICES).forEach((name) => {
      const isOwn = CHOICES[name].slice(1).includes(view[name]);
      if (isOwn) document.documentElement.dataset[name] = view[name];
      else delete document.documentElement.dataset[name];
    });
  }

  function startView() {
    const view = remembered();
    const panel = document.getElementById("lms-view");
    if (!panel) return;
    panel.querySelectorAll("input").forEach((box) => {
      box.checked = box.value === (view[box.name] || CHOICES[box.name][0]);
      box.addEventListener("change", () => {
        view[box.name] = box.value;
        show(view);
        remember(view);
      });
    });
    panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !panel.open) return;
      panel.open = false;
      panel.querySelector("summary").focus();
    });
  }

  show(remembered());
  toolkit.startView = startView;
})(window.lmsToolkit);
