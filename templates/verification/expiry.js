// A page that was written before its certificate expired says so once the day is over.
"use strict";
const lastDay = document.documentElement.dataset.expiresOn;
if (lastDay && new Date().toISOString().slice(0, 10) > lastDay) {
  const verdict = document.getElementById("verdict");
  verdict.className = "verdict expired";
  verdict.replaceChildren(document.getElementById("expired").content.cloneNode(true));
}
