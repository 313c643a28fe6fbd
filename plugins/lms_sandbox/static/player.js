/* Puts the API adapter where SCOs look for it, saves what they commit, and leaves a SCO before leaving its page. */
"use strict";

(function () {
  const script = document.getElementById("player");
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const labels = read("labels");
  const notice = document.getElementById("notice");
  const MAX_CALLS = 500;
  let leaving = false;
  let left = false;

  window.API = createScorm12Api(read("model"), read("launch"), save, observe);

  /* SCOs expect an answer at once, so this is synchronous, as SCORM 1.2 adapters are. A page that is being left may
     not do that: there the browser takes the message and delivers it later. */
  function save(commit) {
    const body = JSON.stringify(commit);
    try {
      const request = new XMLHttpRequest();
      request.open("POST", script.dataset.tracks, false);
      request.setRequestHeader("Content-Type", "application/json");
      request.send(body);
      const saved = request.status === 200;
      if (saved) {
        show(JSON.parse(request.responseText));
      }
      complain(!saved);
      return saved;
    } catch (error) {
      if (leaving) {
        return navigator.sendBeacon(script.dataset.tracks, new Blob([body], { type: "application/json" }));
      }
      complain(true);
      return false;
    }
  }

  function complain(failed) {
    notice.hidden = !failed;
    notice.textContent = failed ? notice.dataset.text : "";
  }

  function show(standing) {
    for (const entry of document.querySelectorAll("[data-item]")) {
      const status = standing.statuses[entry.dataset.item];
      if (status) {
        entry.dataset.status = status;
        entry.querySelector(".status").textContent = labels[status];
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
    calls.prepend(row([call.name + "(" + written + ")", call.result, error]));
    while (calls.rows.length > MAX_CALLS) {
      calls.lastElementChild.remove();
    }
    const data = document.querySelector("#data tbody");
    data.replaceChildren(...Object.keys(call.values).sort().map((element) => row([element, call.values[element]])));
  }

  function row(texts) {
    const made = document.createElement("tr");
    for (const text of texts) {
      made.insertCell().textContent = text;
    }
    return made;
  }

  /* A SCO saves when it is unloaded; while our page still stands that can be done properly, and the next page shows it. */
  function leave(go) {
    if (left) {
      return;
    }
    left = true;
    const frame = document.getElementById("sco");
    frame.addEventListener("load", go, { once: true });
    frame.src = "about:blank";
  }

  document.addEventListener("click", function (event) {
    const link = event.target.closest("a[data-leave]");
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (link && plain) {
      event.preventDefault();
      leave(() => location.assign(link.href));
    }
  });
  window.addEventListener("beforeunload", () => { leaving = true; });
  window.addEventListener("pagehide", () => { leaving = true; });
  window.addEventListener("pageshow", () => { leaving = false; });

  if (matchMedia("(max-width: 56rem)").matches) {
    document.querySelector(".contents").open = false;
  }

  if (script.dataset.revision !== "") {
    setInterval(async function () {
      const answer = await fetch("/revision").catch(() => null);
      if (answer && answer.ok && (await answer.text()).trim() !== script.dataset.revision) {
        leave(() => location.reload());
      }
    }, 1000);
  }
})();
