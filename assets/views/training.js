// Training: what the form shows, which runs are ticked, and what a button asks of a run.

import { query, remember, takeButtons } from "../lib/address.js";
import { set, triggered, unchanged } from "../lib/page.js";

const LONGEST = 100; // letters of a run's name in a link

// A button that asks something of a run says at once that it was asked.
document.addEventListener("click", (event) => {
  const button = event.target.closest('#view-training button[id*=\'"type":"do"\']');
  if (!button) return;
  const id = JSON.parse(button.id), words = button.dataset.asked;
  if (words) set(id, { disabled: true, children: words });
  set("asked-run", { data: { what: id.what, run: id.run, at: Date.now() } });
});

export const groups = ["sweep"];

export function opened() {
  set("training-tick", { disabled: false });
  takeButtons(groups);
  const run = query.get("run");
  if (run) set("watched", { data: run.slice(0, LONGEST) });
  query.delete("run");
}

export const left = () => set("training-tick", { disabled: true });

export const clientside = {
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

  /** The ticked runs; those that no tick is shown for stay. */
  tick(values, ids, before) {
    const on = Object.fromEntries(ids.map(({ run }, k) => [run, !!values[k]]));
    const kept = (before || []).filter((run) => on[run] !== false);
    const after = [...new Set([...kept, ...Object.keys(on).filter((run) => on[run])])];
    return String(after) === String(before || []) ? unchanged() : after;
  },
};
