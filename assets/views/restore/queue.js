// Files are sent one at a time, so that the page can say how far it is; each answer finds its place.

import { byId, set, unchanged } from "../../lib/page.js";
import { toSend } from "../../lib/uploads.js";
import { change, entry, held, IDENTIFY } from "./held.js";
import { onlyMineral, paint } from "./panes.js";
import { fitting } from "./room.js";

const PATIENCE = 120e3; // ms

// ---- in

export function add(files) {
  const most = +byId("restore-strip").dataset.most;
  const taken = fitting(files, [...held.contents.values()], most - held.entries.length, most);
  for (const file of taken) {
    const key = `file-${++held.count}`;
    held.contents.set(key, { ...file, model: held.model });
    held.entries = [...held.entries, { key, name: file.name, state: "waiting", columns: file.columns }];
    held.waiting.push(key);
  }
  held.single = taken.length === 1 && held.waiting.length === 1;
  if (taken.length) view(held.single ? "spectrum" : "table");
  next();
}

export function next() {
  if (held.asked === null && held.waiting.length) {
    held.asked = held.waiting.shift();
    ask(held.asked);
  }
  tell();
}

function ask(key) {
  set("restore-ask", { data: { key, n: ++held.count, resolution: held.resolution, ...toSend(held.contents.get(key)) } });
  clearTimeout(held.timer);
  held.timer = setTimeout(() => held.asked === key && set("restore-answer", { data: { key, state: "refused", error: { code: "restore.no_answer", params: {} } } }), PATIENCE);
}

export function take(answer) {
  const key = answer?.key;
  if (!key || key !== held.asked) return unchanged(); // of files that were cleared meanwhile
  const { digest, ...told } = answer, file = held.contents.get(key);
  if (digest && !file.example) file.digest = digest;
  if (told.state === "working") {
    ask(key); // it takes seconds: the server says so and is asked again
    return unchanged();
  }
  held.asked = null;
  clearTimeout(held.timer);
  if (told.state === "gone") return sendAgain({ digest: file.digest });
  if (told.state === "asks") {
    const known = held.answers.get(told.columns.join("\n"));
    if (known !== undefined && file.column === undefined) {
      file.column = known;
      held.waiting.unshift(key);
      change(key, { state: "waiting", columns: told.columns });
      next();
      return held.entries;
    }
  }
  change(key, told);
  if (told.state === "done" && (held.single || !held.chosen || key === held.chosen)) choose(key);
  next();
  return held.entries;
}

// The server has a file no more: its content goes along once again.
export function sendAgain(lost) {
  for (const [key, file] of held.contents) {
    if (!lost?.digest || file.digest !== lost.digest) continue;
    delete file.digest;
    if (key !== held.asked && !held.waiting.includes(key)) held.waiting.unshift(key);
  }
  next();
  return unchanged();
}

// ---- the question for a column

export function answered(key, column) {
  const { columns } = entry(key), same = byId("same-columns");
  const alike = held.entries.filter((one) => one.state === "asks" && one.columns.join("\n") === columns.join("\n"));
  const all = same?.checked;
  if (all) held.answers.set(columns.join("\n"), column);
  const meant = all ? alike.map((one) => one.key) : [key];
  held.single = meant.length === 1 && (held.entries.length === 1 || held.show === "spectrum");
  for (const one of meant) {
    held.contents.get(one).column = column;
    change(one, { state: "waiting" });
    held.waiting.push(one);
  }
  byId(held.show === "table" ? "restore-show-table" : "files").focus(); // the pressed button goes away
  next();
}

export function again(key, keeps = false) {
  if (keeps) {
    if (!held.waiting.includes(key)) held.waiting.unshift(key);
    return next();
  }
  held.answers.delete(entry(key).columns.join("\n"));
  held.contents.get(key).column = undefined;
  held.waiting.push(key);
  change(key, { state: "waiting" });
  held.chosen = key;
  next();
}

// ---- what is shown

export function choose(key) {
  held.chosen = key;
  const one = entry(key);
  if (one && one.state === "done") {
    const { name, column, example, digest, wish } = held.contents.get(key), about = { name, column, example, digest, resolution: held.resolution };
    if (one.row) set("identify-selected", { data: { ...about, model: IDENTIFY, wish } });
    const own = one.row ? held.way === "model" && onlyMineral(one) : one.model;
    if (own) set("restore-selected", { data: { ...about, model: own } });
  }
}

// The same file with another wish: what was found stays in sight meanwhile.
export function wish(asks) {
  held.contents.get(held.chosen).wish = asks;
  again(held.chosen, true);
}

export function view(wanted) {
  held.show = held.entries.length > 1 ? wanted : "spectrum";
  for (const value of ["spectrum", "table"])
    byId(`restore-show-${value}`).setAttribute("aria-pressed", String(value === held.show));
}

export function tell() {
  if (held.entries.length < 2) view("spectrum");
  paint(held);
}
