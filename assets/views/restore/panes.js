// Which part of Restore is in sight, and how far the files are.

import { set, t } from "../../lib/page.js";

/** The one mineral of a file that was identified as one. @param {any} one */
export const onlyMineral = (one) => (one?.row?.phases.length === 1 ? one.row.phases[0][0] : null);

/** @type {Record<string, Record<string, any>>} what each part was told last */
const told = {};

/**
 * Tells a part what it isn't told already: Dash asks every component of the page after each word.
 * @param {string} id @param {Record<string, any>} props
 */
function put(id, props) {
  const before = told[id];
  if (before && Object.entries(props).every(([name, value]) => before[name] === value)) return;
  told[id] = props;
  set(id, props);
}

/** @param {any} state of the view */
export function paint({ entries, contents, asked, waiting, chosen, show, way, gone }) {
  const running = asked !== null, one = entries.find((file) => file.key === chosen);
  const shown = !!one && one.state === "done", spectrum = show !== "table" && shown;
  const again = shown && [asked, ...waiting].includes(chosen);
  const done = entries.length - new Set(running ? [asked, ...waiting] : waiting).size;
  const model = spectrum && (!one.row || (way === "model" && !!onlyMineral(one)));
  put("results", { data: entries });
  put("chosen-file", { data: chosen });
  put("restore-progress", { hidden: !running || (entries.length < 2 && !again) });
  put("restore-bar", { value: String(done), max: String(entries.length || 1) });
  const words = () => t("restore_progress", { done: done + 1, all: entries.length, name: contents.get(asked).name });
  put("restore-words", { children: running ? words() : "" });
  put("clear-files", { hidden: !entries.length });
  put("resolution-field", { hidden: !entries.length });
  put("undo-files", { hidden: !gone });
  put("files", { hidden: show === "table" }); // the table tells the same, and more
  put("restore-shows", { hidden: entries.length < 2 });
  put("restore-table", { hidden: show !== "table" });
  put("restore-busy", { hidden: !running || show === "table" || shown });
  put("restore-empty", { hidden: running || show === "table" || shown || entries.some((file) => file.state === "asks") });
  put("restore-result", { hidden: !model });
  put("identify-result", { hidden: !spectrum || model, className: again ? "stale" : "" });
  put("restore-ways", { hidden: !spectrum || !onlyMineral(one) });
  for (const id of ["other-column", "identify-column"]) put(id, { hidden: !shown || !one.columns });
  const baseline = contents.get(chosen)?.wish?.baseline || "automatic";
  for (const button of /** @type {any} */ (document.querySelectorAll('[data-group="identify-baseline"]')))
    button.setAttribute("aria-pressed", String(button.dataset.value === baseline));
  requestAnimationFrame(() => window.dispatchEvent(new Event("resize"))); // figures measure themselves
}
