// Training: what the form shows, which runs are ticked, and what a button asks of a run.

import { query, remember, takeButtons } from "../lib/address.js";
import { set, triggered, unchanged } from "../lib/page.js";

const LONGEST = 100; // letters of a run's name in a link
const LOST = 15_000; // ms after which an answer is no longer waited for

// A button that asks something of a run says at once that it was asked.
document.addEventListener("click", (event) => {
  const button = event.target.closest('#view-training button[id*=\'"type":"do"\']');
  if (!button) return;
  const id = JSON.parse(button.id), words = button.dataset.asked;
  if (words) set(id, { disabled: true, children: words });
  set("run-action", { data: { what: id.what, run: id.run, at: Date.now() } });
});

// Ticks stand here: a table made again with older ones is corrected, and takes none away.
let chosen = [];

document.addEventListener("change", (event) => {
  const pick = event.target.closest('#view-training input[id*=\'"type":"pick"\']');
  if (!pick) return;
  const { run } = JSON.parse(pick.id);
  chosen = chosen.filter((other) => other !== run).concat(pick.checked ? run : []);
  set("chosen-runs", { data: chosen });
});

export function opened() {
  set("training-tick", { disabled: false });
  takeButtons("training");
  const run = query.get("run");
  if (run) set("watched", { data: run.slice(0, LONGEST) });
  query.delete("run");
}

export const left = () => set("training-tick", { disabled: true });

let looked = 0; // ms

export const clientside = {
  /** The number of the next look at the queue, once both answers to the last one are there. */
  look(_ticks, last, board, watched) {
    const now = performance.now(), waiting = board !== last || watched !== last;
    if (waiting && now - looked < LOST) return unchanged();
    looked = now;
    return last + 1;
  },

  changed: (version) => version || unchanged(),

  watch(run) {
    remember("training", run ? { run } : {});
    return unchanged();
  },

  /** Which of the form's parts are hidden, for one training or a sweep. */
  sweep() {
    const [button] = triggered(), many = !!button && button.prop_id.startsWith("sweep-sweep");
    return [many ? "sweep" : "one", many, !many, many, many, many];
  },

  /** Which fields of a schedule are hidden. */
  schedule: (kind) => [kind === "constant", kind !== "cyclical", kind !== "capacity"],
};
