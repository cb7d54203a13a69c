// What a page made again has back: neither a reload nor another language costs files. The tab
// forgets them when it closes; what is too large to keep is asked about before (shell.js).
(function () {
  "use strict";
  const sv = (window.spectraVae = window.spectraVae || {});
  const ROOM = 2e6; // characters; a browser keeps some five million for a tab
  const packs = new Map();
  const text = (name) => JSON.stringify(packs.get(name)() || null);

  // A view names what it holds: pack() gives it as JSON can tell it, or nothing.
  sv.keep = (name, pack) => packs.set(name, pack);
  sv.tooLarge = () => [...packs.keys()].some((name) => text(name).length > ROOM);
  sv.kept = function (name) {
    try {
      return JSON.parse(sessionStorage.getItem("kept-" + name));
    } catch {
      return null; // storage is switched off, or holds something else
    }
  };
  addEventListener("pagehide", () => {
    for (const name of packs.keys()) {
      const one = text(name);
      try {
        if (one === "null" || one.length > ROOM) sessionStorage.removeItem("kept-" + name);
        else sessionStorage.setItem("kept-" + name, one);
      } catch {
        // switched off: they are forgotten
      }
    }
  });
})();
