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
  const deliveries = [];
  const frame = () => document.getElementById("sco"); // comes after this script

  window.API = createScorm12Api(read("model"), read("launch"), save, observe);

  /* SCOs expect an answer at once, so this is synchronous, as SCORM 1.2 adapters are. Browsers forbid that while a page
     is being left: then they take the message and deliver it by themselves. */
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
        return deliver(body);
      }
      complain(true);
      return false;
    }
  }

  function deliver(body) {
    const headers = { "Content-Type": "application/json" };
    deliveries.push(fetch(script.dataset.tracks, { method: "POST", headers: headers, body: body, keepalive: true }));
    return true;
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

  /* A SCO saves when it is unloaded. We let it do so before we go, so that the next page shows what it saved. */
  function leave(go) {
    if (left) {
      return;
    }
    left = true;
    frame().addEventListener("load", () => Promise.allSettled(deliveries).then(go), { once: true });
    frame().src = "about:blank";
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
  document.addEventListener("load", function (event) {
    if (event.target === frame()) {
      leaving = false;
      frame().contentWindow.addEventListener("pagehide", () => { leaving = true; }, true); // before the SCO's own
    }
  }, true);

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
