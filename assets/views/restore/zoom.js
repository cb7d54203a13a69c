// A wheel over a row of a figure zooms its height about nought, and so do its buttons; a drag, the
// axis; a double click sets both back. A row that is drawn larger says so.

const STEP = 1.2, FARTHEST = 1e4; // a notch of the wheel; how much larger a row can get
const SAME = 1e-9; // as high as it was

/** @typedef {{name: string, factor: number, range: number[]} | null} Row as the server drew it; null: its height means nothing */

/** Rows from the top: the y axes of each, which lie side by side. @param {any} figure @returns {string[][]} */
export function rowsOf(figure) {
  const full = figure._fullLayout, axes = Object.keys(full).filter((key) => /^yaxis\d*$/.test(key));
  const tops = [...new Set(axes.map((key) => full[key]._offset))].sort((a, b) => a - b);
  return tops.map((top) => axes.filter((key) => full[key]._offset === top));
}

/** What the server tells of a row; undefined where it tells of none. @param {any} figure @param {number} k @returns {Row | undefined} */
const toldOf = (figure, k) => figure.layout.meta?.rows?.[k];

/** @type {WeakMap<Element, Record<string, number[]>>} ranges before the first zoom, of figures whose rows aren't told */
const whole = new WeakMap();
/** @type {WeakSet<Element>} figures that are listened to */
const listening = new WeakSet();

/** The range of a row's axis before anybody zoomed. @param {any} figure @param {number} k @param {string} key of its axis */
const first = (figure, k, key) => (toldOf(figure, k)?.range || whole.get(figure)?.[key])?.slice();

/** How much larger than at first a row is. @param {any} figure @param {number} k @param {string} key of its axis */
function larger(figure, k, key) {
  const before = first(figure, k, key), now = figure._fullLayout[key].range;
  return before ? (before[1] - before[0]) / (now[1] - now[0]) : 1;
}

// The words at the right of a row.
function scaleWords(figure, k, by) {
  const row = toldOf(figure, k), at = figure.layout.annotations.findIndex(({ name }) => name === `row-${k}`);
  if (!row || at < 0) return {};
  const factor = Number((row.factor * by).toPrecision(2));
  return { [`annotations[${at}].text`]: factor === 1 ? "" : `×${factor}` };
}

/**
 * A row so much larger; as it was where that is what it comes to.
 * @param {any} figure @param {number} k the row @param {number} by
 */
export function stretch(figure, k, by) {
  const keys = rowsOf(figure)[k];
  if (!keys || toldOf(figure, k) === null) return;
  const kept = whole.get(figure) || {}, size = larger(figure, k, keys[0]) * by;
  if (size > FARTHEST || size < 0.5 - SAME) return;
  const change = scaleWords(figure, k, size);
  for (const key of keys) {
    const range = figure._fullLayout[key].range.map(Number);
    kept[key] = kept[key] || range;
    const about = range[0] > 0 || range[1] < 0 ? range[0] : 0; // a row without nought: about its foot
    const next = range.map((end) => about + (end - about) / by);
    change[`${key}.range`] = Math.abs(size - 1) < SAME ? first(figure, k, key) || range : next;
  }
  if (!listening.has(figure)) figure.on("plotly_doubleclick", () => setTimeout(back, 0, figure));
  listening.add(figure);
  whole.set(figure, kept);
  window.Plotly.relayout(figure, change);
}

function zoom(event) {
  const figure = event.target.closest?.("#view-restore .js-plotly-plot, #view-compare .js-plotly-plot");
  if (!figure || event.ctrlKey) return;
  const at = event.clientY - figure.getBoundingClientRect().top, full = figure._fullLayout;
  const row = rowsOf(figure).findIndex(([key]) => at >= full[key]._offset && at <= full[key]._offset + full[key]._length);
  if (row < 0) return;
  event.preventDefault();
  stretch(figure, row, event.deltaY > 0 ? 1 / STEP : STEP);
}
document.addEventListener("wheel", zoom, { passive: false });

// Plotly covers the figure while a button is down, so that the page hears of no double click; and
// sets axes back itself first.
function back(figure) {
  const change = {};
  rowsOf(figure).forEach((keys, k) => {
    Object.assign(change, scaleWords(figure, k, 1));
    for (const key of keys) if (first(figure, k, key)) change[`${key}.range`] = first(figure, k, key);
  });
  whole.delete(figure);
  window.Plotly.relayout(figure, change);
}
