/* Joins what two windows did to the record of one page, so that neither undoes the other's work. Pure functions.
 *
 * A record is {status, score, location, memory}; `memory` is JSON text. */
(function (toolkit) {
  "use strict";

  const RANKS = ["incomplete", "failed", "completed", "passed"];

  /* What was changed from `base` to `mine`, applied to `theirs`. A status and a score only ever get better. */
  function mergeRecords(base, mine, theirs) {
    if (!theirs) return mine;
    return {
      status: better(mine.status, theirs.status),
      score: highest(mine.score, theirs.score),
      location: mine.location,
      memory: mergeTexts(base ? base.memory : "", mine.memory, theirs.memory),
    };
  }

  function better(one, other) {
    return RANKS[Math.max(RANKS.indexOf(one), RANKS.indexOf(other), 0)];
  }

  function highest(one, other) {
    const known = [one, other].filter((score) => typeof score === "number");
    return known.length ? Math.max(...known) : null;
  }

  function mergeTexts(base, mine, theirs) {
    const [before, here, there] = [base, mine, theirs].map(parsed);
    return here && there ? JSON.stringify(mergeObjects(before || {}, here, there)) : mine;
  }

  function parsed(text) {
    try {
      const value = JSON.parse(text);
      return isObject(value) ? value : null;
    } catch (error) {
      return null; // nothing yet, or cut short: there is nothing to keep
    }
  }

  function mergeObjects(base, mine, theirs) {
    const merged = {};
    new Set([...Object.keys(theirs), ...Object.keys(mine)]).forEach((key) => {
      const value = mergeValues(base[key], mine[key], theirs[key]);
      if (value !== undefined) merged[key] = value;
    });
    return merged;
  }

  function mergeValues(base, mine, theirs) {
    if (isObject(mine) && isObject(theirs)) return mergeObjects(isObject(base) ? base : {}, mine, theirs);
    return JSON.stringify(mine) === JSON.stringify(base) ? theirs : mine;
  }

  function isObject(value) {
    return value !== null && typeof value === "object" && !Array.isArray(value);
  }

  toolkit.merging = { mergeRecords };
})(window.lmsToolkit);
