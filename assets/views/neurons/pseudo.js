// Pseudo-spectra: spectra are restored a few at a time, so that the page can say how far it is.

import { set, t, triggered, unchanged } from "../../lib/page.js";
import { contentOf } from "../../lib/uploads.js";

const MOST = 60, TOGETHER = 4, PATIENCE = 120e3; // files at once, files a request, ms
let running = null, base = null, count = 0, note = "", timer = 0;

const fileBatches = (files) => {
  const batches = [];
  for (let k = 0; k < files.length; k += TOGETHER) batches.push({ files: files.slice(k, k + TOGETHER) });
  return batches;
};
const presets = () => {
  const { sets, each } = document.getElementById("pseudo-card").dataset;
  return { each: +each, batches: Array.from({ length: +sets }, (_, preset) => ({ preset })) };
};

function tell() {
  const { done, all } = running || {};
  set("pseudo-bar", { hidden: !running, value: String(done || 0), max: String(all || 1) });
  const far = running ? t("pseudo_progress", { done, all }) + ". " : "";
  set("pseudo-words", { children: far + note });
}
function complain(text) {
  note = text;
  tell();
}

function ask() {
  const { set, model, batches } = running;
  clearTimeout(timer);
  timer = setTimeout(giveUp, PATIENCE);
  set("pseudo-batch", { data: { set, model, ...batches.shift() } });
}

function giveUp() {
  running = null;
  complain(t("pseudo_no_answer"));
}

// role: "base" is clustered, "score" is compared with the clusters.
function start(role, model, what) {
  const simulated = presets();
  const batches = what.files ? fileBatches(what.files) : simulated.batches;
  const all = what.files ? what.files.length : simulated.each * batches.length;
  running = { set: `${role}-${++count}`, role, model, what, batches, all, done: 0,
    found: { model, names: [], refused: [], mean: [], std: [] } };
  tell();
  ask();
}

const chosenFiles = (contents, names) => {
  if (contents.length > MOST) complain(t("pseudo_too_many", { most: MOST }));
  return contents.slice(0, MOST).map((data, k) => ({ name: names[k], content: contentOf(data) }));
};

// Why a set is wanted: a button, dropped files, or another model for the same spectra.
export function begin(_simulate, files, scored, model, names, scoredNames) {
  const nothing = unchanged();
  const why = triggered().map((one) => one.prop_id);
  note = "";
  const has = (id) => why.some((one) => one.startsWith(id + "."));
  if (has("pseudo-upload") && files) start("base", model, { files: chosenFiles(files, names) });
  else if (has("score-upload") && scored) {
    if (base && base.model === model && !running) start("score", model, { files: chosenFiles(scored, scoredNames) });
    else complain(t("pseudo_first"));
  } else if (has("pseudo-simulate")) start("base", model, {});
  else if (has("neurons-model") && base && base.model !== model) start("base", model, base.what);
  else return [nothing, nothing];
  return [null, null];
}

export function goOn(part) {
  const nothing = unchanged();
  if (!part || !running || part.set !== running.set) return [nothing, nothing];
  const { found, role, model, what } = running;
  for (const key of ["names", "refused", "mean"]) found[key].push(...part[key]);
  found.std = part.std && found.std ? found.std.concat(part.std) : null;
  running.done += part.names.length + part.refused.length;
  if (running.batches.length) {
    tell();
    ask();
    return [nothing, nothing];
  }
  clearTimeout(timer);
  running = null;
  tell();
  if (!found.names.length) complain(t("pseudo_none", { names: found.refused.join(", ") }));
  if (role === "score") return [nothing, found];
  base = { model, what };
  return [found, null];
}
