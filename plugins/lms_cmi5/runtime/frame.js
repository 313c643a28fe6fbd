/* The window around the pages: starts the session, says how it stands, and ends it. */
(function (toolkit) {
  "use strict";

  const { words } = toolkit.unit;

  const frame = document.getElementById("lms-pages");
  const line = document.getElementById("lms-session");
  const bar = line.parentElement;
  const leaveButton = document.getElementById("lms-leave");

  window.lmsSession = null; // none until the LMS has opened one; the pages then say that nothing is recorded

  function say(text, isWrong) {
    line.textContent = text;
    bar.classList.toggle("is-wrong", Boolean(isWrong));
  }

  function showPages(preferences) {
    frame.addEventListener("load", () => takeOver(preferences));
    frame.src = frame.dataset.start;
    frame.hidden = false;
  }

  /* The window is named as the page in it, and heeds the learner's own setting for sound (11.2). */
  function takeOver(preferences) {
    const page = frame.contentDocument;
    if (!page) return; // somewhere else on the web
    document.title = page.title;
    if (preferences.audioPreference !== "off") return;
    page.querySelectorAll("audio, video").forEach((media) => { media.muted = true; });
  }

  /* From now on the window has only this to say. */
  function showEnd(text) {
    const end = document.getElementById("lms-end");
    frame.remove();
    bar.hidden = true;
    document.getElementById("lms-end-text").textContent = text;
    end.hidden = false;
    end.focus();
  }

  /* The page's own last words, such as what was typed since it last saved; it says them once, however often asked. */
  function closePage(session) {
    session.isClosing = true;
    if (frame.contentWindow) frame.contentWindow.dispatchEvent(new Event("pagehide"));
  }

  function watchEnd(session) {
    window.addEventListener("pagehide", () => {
      if (session.isOver) return;
      closePage(session);
      session.end();
      session.delivery.deliverLastWords();
    });
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) showEnd(words.ended); // the session was closed on the way out
    });
    window.addEventListener("online", () => session.delivery.deliver());
  }

  /* Everything is saved before anything is closed; a second press gives up what cannot be. */
  function startLeaving(session) {
    let isAskedTwice = false;
    leaveButton.hidden = false;
    leaveButton.addEventListener("click", async () => {
      say(words.leaving, false);
      if (isAskedTwice || (await isDelivered(session))) await leave(session);
      else say(words.leave_unsaved, true);
      isAskedTwice = true;
    });
  }

  async function leave(session) {
    closePage(session);
    session.end();
    const isSaved = await isDelivered(session);
    const back = returnAddress(session.data.returnURL);
    if (back) window.location.assign(back);
    else showEnd(isSaved ? words.left : words.ended);
  }

  function isDelivered(session) {
    return new Promise((done) => { session.delivery.whenDelivered((outcome) => done(outcome.ok)); });
  }

  /* Only a web address: the launch data could say anything. */
  function returnAddress(text) {
    if (!text) return null;
    try {
      const url = new URL(text, window.location.href);
      return /^https?:$/.test(url.protocol) ? url.href : null;
    } catch (error) {
      return null;
    }
  }

  async function open() {
    const opened = await toolkit.openLaunch();
    if (!opened) return null;
    const delivery = new toolkit.Delivery(opened.lrs);
    await delivery.load();
    return { session: new toolkit.Session(opened, delivery), preferences: opened.preferences };
  }

  async function start() {
    const opened = await open().catch((error) => {
      say(words.not_started.replace("{reason}", error.message), true);
      return null;
    });
    if (!opened) {
      if (!bar.classList.contains("is-wrong")) say("", false);
      showPages({});
      return;
    }
    const { session, preferences } = opened;
    window.lmsSession = session;
    session.delivery.onTaken = () => say(words.taken, true);
    session.delivery.deliver();
    say("", false);
    startLeaving(session);
    watchEnd(session);
    showPages(preferences);
  }

  start();
})(window.lmsToolkit);
