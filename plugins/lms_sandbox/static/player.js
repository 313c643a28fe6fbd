/* Puts the API adapter where SCOs look for it, saves what they commit, and leaves a SCO before leaving its page. */
"use strict";

(function () {
  const script = document.getElementById("player");
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const notice = document.getElementById("notice");
  const unsaved = createUnsaved(`lms-sandbox-unsaved ${script.dataset.user} ${script.dataset.tracks}`);
  const MAX_CALLS = 500;
  const LOOK_EVERY_MS = 400;
  const PLACE = "lms-sandbox-place";
  let leaving = false;
  let left = false;
  let isOver = false; // another window has taken over
  let restart = () => {};
  const deliveries = [];
  const frame = () => document.getElementById("sco"); // comes after this script

  if (sendUnsaved()) {
    window.stop(); // the page was made before these arrived: ask for it again, and do not start the SCO with old data
    location.reload();
    return;
  }
  if (script.dataset.standard === "scorm12") {
    window.API = createScorm12Api(read("model"), read("launch"), save, observe);
  } else if (script.dataset.standard === "scorm2004") {
    const scorm = createScorm2004Api(read("model"), read("launch"), save, observe, navigate);
    window.API_1484_11 = scorm.api;
    restart = scorm.restart;
  }

  /* Waits for the answer; throws when there is no connection, or when browsers forbid waiting. */
  function post(body) {
    const request = new XMLHttpRequest();
    request.open("POST", script.dataset.tracks, false);
    request.setRequestHeader("Content-Type", "application/json");
    request.send(body);
    return request;
  }

  /* SCOs expect an answer at once, so this is synchronous, as SCORM adapters are. Browsers forbid that while a page is
     being left: then they take the message and deliver it by themselves. */
  function save(newest) {
    if (isOver) {
      return false;
    }
    const commit = unsaved.joined(newest);
    try {
      const answer = post(JSON.stringify(commit));
      return answer.status === 200 ? saved(commit, answer) : refused(commit, answer.status);
    } catch (error) {
      unsaved.keep(commit);
      if (leaving) {
        return deliver(commit);
      }
      complain(notice.dataset.failed);
      return false;
    }
  }

  function saved(commit, answer) {
    unsaved.forget(commit);
    show(JSON.parse(answer.responseText));
    complain("");
    return true;
  }

  function refused(commit, status) {
    isOver = status === 409;
    if (isFinal(status)) {
      unsaved.forget(commit);
    } else {
      unsaved.keep(commit);
    }
    complain(isOver ? notice.dataset.over : notice.dataset.failed);
    return false;
  }

  /* What is wrong with the commit itself stays wrong; anything else may pass. */
  function isFinal(status) {
    return status === 400 || status === 409;
  }

  /* If it does not arrive it is sent again when the module is opened next. */
  function deliver(commit) {
    const message = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(commit), keepalive: true };
    const sent = fetch(script.dataset.tracks, message).then((answer) => {
      if (answer.ok || isFinal(answer.status)) {
        unsaved.forget(commit);
      }
    });
    deliveries.push(sent.catch(() => {}));
    return true;
  }

  /* True when something arrived, so that this page no longer shows how things are. */
  function sendUnsaved() {
    const found = unsaved.all();
    for (const commit of found) {
      try {
        const status = post(JSON.stringify(commit)).status;
        if (status !== 200 && !isFinal(status)) {
          return false;
        }
      } catch (error) {
        return false; // no connection: they wait for the next page
      }
      unsaved.forget(commit);
    }
    return found.length > 0;
  }

  function complain(text) {
    notice.hidden = !text;
    notice.textContent = text;
  }

  function show(standing) {
    const labels = read("labels");
    for (const entry of document.querySelectorAll("[data-status]")) {
      const isClosed = standing.closed.includes(entry.dataset.item);
      const status = isClosed ? "closed" : standing.statuses[entry.dataset.item] || "not attempted";
      if (status !== entry.dataset.status) {
        entry.dataset.status = status;
        entry.querySelector(".status").textContent = labels[status];
      }
    }
    for (const link of document.querySelectorAll("[data-opens]")) {
      if (standing.closed.includes(link.dataset.opens)) {
        link.setAttribute("aria-disabled", "true");
      } else {
        link.removeAttribute("aria-disabled");
      }
    }
  }

  function observe(call) {
    const calls = document.querySelector("#calls tbody");
    if (!calls) {
      return;
    }
    const written = call.parameters.map((parameter) => JSON.stringify(parameter)).join(", ");
    const error = call.error === "0" ? "" : call.error + " " + call.diagnostic;
    calls.prepend(row([call.name + "(" + written + ")", call.result, error], error ? "wrong" : ""));
    while (calls.rows.length > MAX_CALLS) {
      calls.lastElementChild.remove();
    }
    const data = document.querySelector("#data tbody");
    data.replaceChildren(...Object.keys(call.values).sort().map((element) => row([element, call.values[element]], "")));
  }

  function row(texts, kind) {
    const made = document.createElement("tr");
    made.className = kind;
    for (const text of texts) {
      made.insertCell().textContent = text;
    }
    return made;
  }

  /* A SCO saves when it is unloaded. We let it do so before we go, so that the next page shows what it saved. */
  function leave(go) {
    if (left) {
      return;
    }
    left = true;
    frame().addEventListener("load", () => Promise.allSettled(deliveries).then(go), { once: true });
    frame().src = "about:blank";
  }

  /* adl.nav.request (SCORM 2004 RTE 1.3, 4.2; SN 1.3, 5.6): carried out once the SCO has ended, if there is such a way. */
  function navigate(request) {
    const target = /^\{target=(.+)\}(?:choice|jump)$/.exec(request);
    const ways = { continue: "a[rel=next]", previous: "a[rel=prev]" };
    const found = target
      ? [...document.querySelectorAll(".contents [data-item]")].find((entry) => entry.dataset.item === target[1])?.querySelector("a")
      : document.querySelector(ways[request] || ".trail a");
    if (found && !found.getAttribute("aria-disabled") && !leaving) {
      leave(() => location.assign(found.href));
    }
  }

  document.addEventListener("click", function (event) {
    const link = event.target.closest("a[data-leave]");
    if (link && link.getAttribute("aria-disabled")) {
      event.preventDefault(); // what is not open yet
      return;
    }
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (link && plain) {
      event.preventDefault();
      leave(() => location.assign(link.href));
    }
  });
  window.addEventListener("beforeunload", () => { leaving = true; });
  window.addEventListener("pagehide", () => { leaving = true; });
  window.addEventListener("pageshow", () => { leaving = false; });
  document.addEventListener("load", function (event) {
    if (event.target === frame()) {
      leaving = false;
      frame().contentWindow.addEventListener("pagehide", frameLeft, true); // before the SCO's own
      findPlaceAgain();
    }
  }, true);

  function frameLeft() {
    leaving = true;
    setTimeout(() => restart(), 0); // once the SCO has said its last words
  }

  if (matchMedia("(max-width: 56rem)").matches) {
    document.querySelector(".contents").open = false;
  }

  if (script.dataset.revision !== "") {
    setInterval(async function () {
      const answer = await fetch("/revision").catch(() => null);
      if (answer && answer.ok && (await answer.text()).trim() !== script.dataset.revision) {
        reload();
      }
    }, LOOK_EVERY_MS);
  }

  /* The same item again, and as far down in it. */
  function reload() {
    const here = new URL(location.href);
    here.searchParams.set("item", script.dataset.chosen);
    const shown = frame().contentWindow;
    sessionStorage.setItem(PLACE, JSON.stringify({ item: script.dataset.chosen, page: shown.location.href, down: shown.scrollY }));
    leave(() => location.replace(here));
  }

  function findPlaceAgain() {
    const place = JSON.parse(sessionStorage.getItem(PLACE) || "null");
    if (!place || place.item !== script.dataset.chosen || left) {
      return;
    }
    const shown = frame().contentWindow;
    if (script.dataset.standard === "pages" && shown.location.href !== place.page && !place.isTried) {
      sessionStorage.setItem(PLACE, JSON.stringify(Object.assign(place, { isTried: true })));
      shown.location.replace(place.page); // readers have followed links; SCOs know their own way back
      return;
    }
    sessionStorage.removeItem(PLACE);
    shown.scrollTo(0, place.down);
  }
})();
