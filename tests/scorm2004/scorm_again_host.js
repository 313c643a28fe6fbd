/* The platform's side of scorm-again, an LMS run time that we did not write. Each commit goes to the server of the
 * test; a later session begins with what the last commit brought. `scaledPassingScore` and `completionThreshold` are
 * what the platform read in the manifest. */
const SETTINGS = { lmsCommitUrl: "/commit", dataCommitFormat: "flattened", autocommit: false, logLevel: 5 };

window.launch = function (url, edition, manifest, earlier) {
  const is12 = edition === "scorm12";
  const api = is12 ? new Scorm12API(SETTINGS) : new Scorm2004API(SETTINGS);
  if (earlier) api.loadFromFlattenedJSON(earlier, "");
  if (is12 && manifest.passing !== undefined) api.cmi.student_data.mastery_score = String(manifest.passing * 100);
  if (!is12 && manifest.passing !== undefined) api.cmi.scaled_passing_score = String(manifest.passing);
  if (!is12 && manifest.threshold !== undefined) api.cmi.completion_threshold = String(manifest.threshold);
  window.calls = [];
  window.errors = [];
  window.isOver = false;
  window.isLeaving = false;
  watch(api, is12 ? "LMS" : "", is12 ? "LMSFinish" : "Terminate");
  window[is12 ? "API" : "API_1484_11"] = api;
  document.getElementById("sco").src = url;
};

/* Notes every call that the page makes, and those that were refused. */
function watch(api, prefix, end) {
  for (const name of [`${prefix}Initialize`, `${prefix}SetValue`, `${prefix}Commit`, end]) {
    const original = api[name].bind(api);
    api[name] = (...values) => {
      const answer = String(original(...values));
      const call = [name, ...values].join(" ");
      window.calls.push(call);
      // browsers forbid the synchronous request of a commit while a page goes away; the end of the session sends a beacon
      const isForbidden = window.isLeaving && name.endsWith("Commit");
      if (answer !== "true" && !isForbidden) window.errors.push(`${call} -> ${api[`${prefix}GetLastError`]()}`);
      if (name === end) window.isOver = true;
      return answer;
    };
  }
}

window.leave = function () {
  window.isLeaving = true;
  document.getElementById("sco").src = "about:blank";
};
