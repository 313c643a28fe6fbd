/* Draws the questions of an attempt, and their order, from a seed: the same seed shows the same attempt after a break.
 *
 * Each question is ranked by a hash of the seed and its own name, so that an edition with a question more or less
 * changes as little as possible of an attempt under way. */
(function (toolkit) {
  "use strict";

  /* A whole number below 2^32, never 0. */
  function newSeed() {
    return Math.floor(Math.random() * 4294967295) + 1;
  }

  /* FNV-1a (32 bits) over the text's characters, stirred as in MurmurHash3 so that near names end far apart. */
  function rank(seed, name) {
    let hash = 2166136261;
    for (const character of `${seed}/${name}`) hash = Math.imul(hash ^ character.codePointAt(0), 16777619);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
  }

  /* The things in an order drawn from the seed; `nameOf` gives each its own name. */
  function shuffled(things, seed, nameOf) {
    return things
      .map((thing, place) => ({ thing, place, rank: rank(seed, nameOf(thing)) }))
      .sort((a, b) => a.rank - b.rank || a.place - b.place)
      .map((ranked) => ranked.thing);
  }

  /* The questions of one attempt, in the order to show. What earns no points is always asked. */
  function draw(questions, settings, seed) {
    const nameOf = (question) => question.data.ref;
    const scored = questions.filter((question) => toolkit.marking.isScored(question.data));
    const taken = settings.draw ? shuffled(scored, seed, nameOf).slice(0, settings.draw) : scored;
    const asked = questions.filter((question) => taken.includes(question) || !scored.includes(question));
    // another seed, or a drawn attempt would always begin with its lowest rank
    return settings.shuffle ? shuffled(asked, seed + 1, nameOf) : asked;
  }

  toolkit.drawing = { newSeed, draw, shuffled };
})(window.lmsToolkit);
