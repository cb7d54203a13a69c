// What a page made again has back: neither a reload nor another language costs files. The tab
// forgets them when it closes; what is too large to keep is asked about before.

import { texts } from "./page.js";

const ROOM = 2e6; // characters; a browser keeps some five million a tab

/** @typedef {{content?: string}} Held */
/** @type {Map<string, {files: () => Held[], pack: () => object | null}>} */
const views = new Map();
let agreed = false; // somebody has said yes

/** A view names what it holds: the files, and all of it as JSON can tell it, or nothing. */
export const keep = (name, files, pack) => void views.set(name, { files, pack });

const large = ({ files }) => files().reduce((sum, file) => sum + (file.content || "").length, 0) > ROOM;
const tooLarge = () => [...views.values()].some(large);

addEventListener("leaving", (event) => {
  agreed = !tooLarge() || confirm(texts.forget_files);
  if (!agreed) event.preventDefault();
});
addEventListener("beforeunload", (event) => {
  if (tooLarge() && !agreed) event.preventDefault();
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
