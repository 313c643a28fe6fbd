/* Moodle's player for SCORM 2004 takes one session in a window (its API stays "terminated", error 104), though its table
 * of contents opens every page in that window: the second page would be cut off. So the player is opened anew, on the
 * page that was chosen. Nothing is lost: the page before has ended its session. */
(function (toolkit) {
  "use strict";

  const KEY = "lms-toolkit-player";

  /* True when the player is on its way; false where there is no such player, or opening it anew has just failed. */
  function restart(player) {
    try {
      const chosen = player.scorm_current_node && player.scorm_current_node.title;
      if (!chosen || sessionStorage.getItem(KEY) === chosen) return false;
      sessionStorage.setItem(KEY, chosen);
      player.location.replace(new URL(`player.php?${chosen}`, player.location.href));
      return true;
    } catch (error) {
      return false; // no storage, or a window of another site: the page says that nothing is recorded
    }
  }

  function hasStarted() {
    try {
      sessionStorage.removeItem(KEY);
    } catch (error) {
      // then there was nothing to remember either
    }
  }

  toolkit.moodlePlayer = { restart, hasStarted };
})(window.lmsToolkit);
