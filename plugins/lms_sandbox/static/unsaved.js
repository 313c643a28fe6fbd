/* Keeps in this browser what has not reached the sandbox yet: commits that failed, and those sent while a page was being
   left, of which nobody can tell whether they arrived. Sending one twice does no harm: its values are final, not added
   up. Browsers limit what may be sent from a page that is being left to 64 KiB, and full suspend data is more. */
"use strict";

function createUnsaved(key) {
  function all() {
    try {
      return JSON.parse(localStorage.getItem(key)) || [];
    } catch (error) {
      return []; // storage is blocked, or what is there is not ours: there is nothing to send
    }
  }

  function store(commits) {
    try {
      if (commits.length) {
        localStorage.setItem(key, JSON.stringify(commits));
      } else {
        localStorage.removeItem(key);
      }
    } catch (error) {
      console.warn("this browser keeps nothing for later (" + error.message + "); only what arrives at once is saved");
    }
  }

  const isSame = (one) => (other) => one.item === other.item && one.sitting === other.sitting;

  /* The commit together with what is still waiting from the same sitting; the newer value counts. */
  function joined(commit) {
    const earlier = all().find(isSame(commit));
    return earlier ? Object.assign({}, commit, { values: Object.assign({}, earlier.values, commit.values) }) : commit;
  }

  function forget(commit) {
    store(all().filter((other) => !isSame(commit)(other)));
  }

  function keep(commit) {
    store(all().filter((other) => !isSame(commit)(other)).concat([joined(commit)]));
  }

  return { all: all, joined: joined, keep: keep, forget: forget };
}
