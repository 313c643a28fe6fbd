/* What the LMS says when it opens the unit (cmi5 sections 8 and 10): five parameters, a token, and the launch data. */
(function (toolkit) {
  "use strict";

  const NAMES = ["endpoint", "fetch", "actor", "registration", "activityId"];

  /* The parameters, null when there are none at all: nobody launched us, somebody opened the file. */
  function parameters() {
    const query = new URLSearchParams(window.location.search);
    const missing = NAMES.filter((name) => !query.get(name));
    if (missing.length === NAMES.length) return null;
    if (missing.length) throw new Error(missing.join(", "));
    const values = Object.fromEntries(NAMES.map((name) => [name, query.get(name)]));
    return { ...values, actor: JSON.parse(values.actor), endpoint: values.endpoint.replace(/\/*$/, "/") };
  }

  /* The token can be had once (8.2), so a failure is not tried again. */
  async function token(url) {
    const response = await fetch(url, { method: "POST" });
    const answer = await response.json();
    if (answer["auth-token"]) return answer["auth-token"];
    throw new Error(answer["error-text"] || `${answer["error-code"] || response.status}`);
  }

  /* {launch, lrs, data, preferences}; null when nobody launched us. */
  async function open() {
    const launch = parameters();
    if (!launch) return null;
    const lrs = new toolkit.Lrs(launch, await token(launch.fetch));
    const data = await lrs.state("LMS.LaunchData");
    if (!data || !data.value.contextTemplate) throw new Error("LMS.LaunchData");
    const preferences = await lrs.profile("cmi5LearnerPreferences");
    return { launch, lrs, data: data.value, preferences: preferences ? preferences.value : {} };
  }

  toolkit.openLaunch = open;
})(window.lmsToolkit);
