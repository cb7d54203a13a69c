// Files are taken away at once, and come back within ten seconds.

import { byId } from "../../lib/page.js";
import { entry, held, redo } from "./held.js";
import { choose, next, tell } from "./queue.js";

const UNDO = 10e3; // ms

let forgotten = 0;
export function remove(keys) {
  held.gone = held.gone || { // all of the last ten seconds
    entries: held.entries,
    contents: new Map(held.contents),
    answers: new Map(held.answers),
    chosen: held.chosen,
    resolution: held.resolution,
  };
  const some = new Set(keys), at = held.entries.findIndex((one) => one.key === held.chosen);
  held.entries = held.entries.filter((one) => !some.has(one.key));
  for (const key of some) held.contents.delete(key);
  held.waiting = held.waiting.filter((key) => !some.has(key));
  if (some.has(held.asked)) held.asked = null;
  if (!held.entries.length) held.answers = new Map();
  const rest = held.entries.filter((one) => one.state === "done");
  if (some.has(held.chosen)) choose(rest.length ? rest[Math.min(Math.max(at, 0), rest.length - 1)].key : null);
  clearTimeout(forgotten);
  forgotten = setTimeout(forget, UNDO);
  next();
  (held.entries.length ? byId("files") : document.querySelector("#upload button")).focus(); // the pressed button is gone
}

function forget() {
  held.gone = null;
  tell();
}

export function undo() {
  const added = held.entries.filter((one) => !held.gone.entries.some((old) => old.key === one.key));
  held.entries = [...held.gone.entries.map((old) => entry(old.key) || old), ...added];
  held.contents = new Map([...held.gone.contents, ...held.contents]);
  held.answers = new Map([...held.gone.answers, ...held.answers]);
  const left = held.entries.filter((one) => one.state === "waiting" && one.key !== held.asked).map((one) => one.key);
  held.waiting = [...new Set([...held.waiting, ...left])];
  if (entry(held.gone.chosen)) choose(held.gone.chosen);
  if (held.gone.resolution !== held.resolution) redo();
  held.gone = null;
  next();
}
