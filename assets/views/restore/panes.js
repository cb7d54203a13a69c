// Which part of Restore is in sight, and how far the files are.

import { set, t } from "../../lib/page.js";

/** The one mineral of a file that was identified as one. @param {any} one */
export const onlyMineral = (one) => (one?.row?.phases.length === 1 ? one.row.phases[0][0] : null);

/** @param {any} state of the view */
export function paint({ entries, contents, asked, waiting, chosen, show, way, gone }) {
  const running = asked !== null, one = entries.find((file) => file.key === chosen);
  const shown = !!one && one.state === "done", spectrum = show !== "table" && shown;
  const again = shown && [asked, ...waiting].includes(chosen);
  const done = entries.length - new Set(running ? [asked, ...waiting] : waiting).size;
  const model = spectrum && (!one.row || (way === "model" && !!onlyMineral(one)));
  set("results", { data: entries });
  set("chosen-file", { data: chosen });
  set("restore-progress", { hidden: !running || (entries.length < 2 && !again) });
  set("restore-bar", { value: String(done), max: String(entries.length || 1) });
  const words = () => t("restore_progress", { done: done + 1, all: entries.length, name: contents.get(asked).name });
  set("restore-words", { children: running ? words() : "" });
  set("clear-files", { hidden: !entries.length });
  set("resolution-field", { hidden: !entries.length });
  set("undo-files", { hidden: !gone });
  set("files", { hidden: show === "table" }); // the table tells the same, and more
  set("restore-shows", { hidden: entries.length < 2 });
  set("restore-table", { hidden: show !== "table" });
  set("restore-busy", { hidden: !running || show === "table" || shown });
  set("restore-empty", { hidden: running || show === "table" || shown || entries.some((file) => file.state === "asks") });
  set("restore-result", { hidden: !model });
  set("identify-result", { hidden: !spectrum || model, className: again ? "stale" : "" });
  set("restore-ways", { hidden: !spectrum || !onlyMineral(one) });
  for (const id of ["other-column", "identify-column"]) set(id, { hidden: !shown || !one.columns });
  const baseline = contents.get(chosen)?.wish?.baseline || "automatic";
  for (const button of /** @type {any} */ (document.querySelectorAll('[data-group="identify-baseline"]')))
    button.setAttribute("aria-pressed", String(button.dataset.value === baseline));
  requestAnimationFrame(() => window.dispatchEvent(new Event("resize"))); // figures measure themselves
}
