/* There is no platform to record anything in: pages can be read and practised with, and they say so. */
(function (toolkit) {
  "use strict";

  toolkit.adapter = { open: () => null };
})(window.lmsToolkit);
