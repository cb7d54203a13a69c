// Compare: the two files stay in the page, so that one made again has them back.

import { query, remember, takeExample, takeOption } from "../lib/address.js";
import { keep } from "../lib/kept.js";
import { byId, kept, notice, set, t, unchanged } from "../lib/page.js";
import { nameInputs } from "../lib/uploads.js";
import { section } from "../lib/views.js";
import { holdsFiles as restoreHolds } from "./restore.js";
import { loadedFiles } from "./restore/held.js";

/** @type {Record<string, any> | null} by side; null: nobody has looked here yet */
let held = null;
/** @type {{model?: string, example?: string | null}} */
const compared = {};

/** @type {Record<string, any>} by side, {contents | example, filename}: the server may forget what it was sent */
const dropped = {};

/** @param {boolean} there those that the page holds by now, or those on their way */
const sent = (there) => Object.fromEntries(Object.entries(dropped).filter(([side, one]) => (held?.[side]?.name === one.filename) === there));
const own = () => sent(true);
const boxes = () => ["a", "b"].map((side) => byId("compare-resolution-" + side));

keep("compare", () => Object.values(own()).map(({ contents }) => ({ content: contents })), () => {
  if (held === null) return kept("compare");
  return Object.keys(held).length && { files: held, dropped: own(), example: compared.example, typed: boxes().map((box) => box.value) };
});

// The files of the page before, unless the address asks for others; which example they are.
function bringPair(example) {
  const before = held === null && kept("compare");
  if (!before || (example && before.example !== example)) return [];
  boxes().forEach((box, k) => before.typed[k] && set(box.id, { value: before.typed[k] }));
  Object.assign(dropped, before.dropped);
  set("compare-files", { data: before.files });
  return [before.example];
}

function tell(values) {
  Object.assign(compared, values);
  remember("compare", Object.fromEntries(Object.entries(compared).filter(([, v]) => v)));
}

// What Restore holds can be taken on either side; of an empty pair, the chosen one and the next are.
function offerLoaded() {
  const files = loadedFiles();
  for (const side of ["a", "b"]) {
    set("compare-there-" + side, { hidden: !files.length });
    set("compare-loaded-" + side, { options: files.map((one, k) => ({ value: String(k), label: one.name })), value: null });
  }
  if (files.length < 2 || Object.keys(held || {}).length) return;
  set("compare-model", { value: byId("compare-models").dataset.shared });
  give({ a: files[0], b: files[1] });
}

function give(files) {
  const fresh = Object.fromEntries(
    Object.entries(files).map(([side, { name, content, example }]) => [side, { filename: name, ...(example ? { example } : { contents: "," + content }) }]),
  );
  Object.assign(dropped, fresh);
  set("compare-dropped", { data: { ...fresh, at: Date.now() } });
}

document.addEventListener("change", (event) => {
  const { target } = event, [, side] = /^compare-loaded-(a|b)$/.exec(target.id) || [];
  if (side && target.value) give({ [side]: loadedFiles()[+target.value] });
});

document.addEventListener("click", (event) => {
  const pair = event.target.closest("#compare-empty button");
  if (pair) tell({ example: JSON.parse(pair.id).name });
  else if (event.target.closest("#compare-a, #compare-b")) tell({ example: null });
});

export const holdsFiles = () => restoreHolds();

export function opened() {
  nameInputs(section("compare"));
  takeOption("model", "compare-model");
  const example = query.get("example"), there = bringPair(example);
  if (!example && !there.length) offerLoaded();
  if (!there.includes(example)) return takeExample("compare");
  query.delete("example");
  tell({ example });
}

export const clientside = {
  model(model) {
    tell({ model });
    return unchanged();
  },
  hold(files) {
    held = files;
    return unchanged();
  },

  drop(a, b, nameA, nameB) {
    if (!a && !b) return [unchanged(), unchanged(), unchanged()];
    const fresh = { ...(a && { a: { contents: a, filename: nameA } }), ...(b && { b: { contents: b, filename: nameB } }) };
    Object.assign(dropped, fresh);
    const given = { ...sent(false), ...fresh }; // what is still read goes along again: the page keeps the later answer
    return [null, null, { ...given, at: Date.now() }];
  },

  sendAgain({ side }, files) {
    if (own()[side]) set("compare-dropped", { data: { [side]: dropped[side], at: Date.now() } });
    else {
      notice(t("file_gone", { name: files[side].name }));
      set("compare-files", { data: { ...files, [side]: undefined } });
    }
    return unchanged();
  },
};
