/* Names of data-model elements, which SCORM 1.2 and SCORM 2004 build alike: "cmi.interactions.2.objectives.0.id". */
"use strict";

const cmiElements = (function () {
  function own(table, name) {
    return Object.prototype.hasOwnProperty.call(table, name) ? table[name] : undefined;
  }

  /* The name in the table of the data model: "cmi.interactions.2.id" -> "cmi.interactions.n.id" */
  function generic(element) {
    return element.replace(/\.(0|[1-9]\d*)(?=\.)/g, ".n");
  }

  /* "cmi.interactions.2.objectives.0.id" -> [["cmi.interactions", 2], ["cmi.interactions.2.objectives", 0]] */
  function indexes(element) {
    const parts = element.split(".");
    const found = [];
    parts.forEach(function (part, place) {
      if (/^\d+$/.test(part)) {
        found.push([parts.slice(0, place).join("."), Number(part)]);
      }
    });
    return found;
  }

  /* How many entries each array has, kept up to date by `note(element)`. */
  function counter(elements) {
    const counts = {};
    const of = (array) => counts[array] || 0;
    function note(element) {
      for (const [array, index] of indexes(element)) {
        counts[array] = Math.max(of(array), index + 1);
      }
    }
    elements.forEach(note);
    return {
      of: of,
      note: note,
      has: (element) => indexes(element).every(([array, index]) => index < of(array)),
      gap: (element) => indexes(element).find(([array, index]) => index > of(array)),
    };
  }

  return { own: own, generic: generic, indexes: indexes, counter: counter };
})();
