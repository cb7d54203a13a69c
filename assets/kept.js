// What a page made again has back: neither a reload nor another language costs files. The tab
// forgets them when it closes; what is too large to keep is asked about before.
(function () {
  "use strict";
  const sv = (window.spectraVae = window.spectraVae || {});
  const ROOM = 2e6; // characters; a browser keeps some five million a tab
  const views = new Map();

  // A view names what it holds: the files, and pack(), all of it as JSON can tell it, or nothing.
  sv.keep = (name, files, pack) => views.set(name, { files, pack });
  const large = ({ files }) => files().reduce((sum, file) => sum + (file.content || "").length, 0) > ROOM;
  sv.tooLarge = () => [...views.values()].some(large);
  sv.kept = function (name) {
    try {
      return JSON.parse(sessionStorage.getItem("kept-" + name));
    } catch {
      return null; // storage is switched off, or holds something else
    }
  };
  let asked = false;
  sv.forget = () => (asked = true); // somebody has said yes
  addEventListener("beforeunload", (event) => {
    if (sv.tooLarge() && !asked) event.preventDefault();
  });
  addEventListener("pagehide", () => {
    for (const [name, view] of views) {
      const held = large(view) ? null : view.pack();
      try {
        if (held) sessionStorage.setItem("kept-" + name, JSON.stringify(held));
        else sessionStorage.removeItem("kept-" + name);
      } catch {
        // switched off: they are forgotten
      }
    }
  });
})();
