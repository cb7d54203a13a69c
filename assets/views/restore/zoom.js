// A wheel over a row of a figure zooms its height about nought; a drag, the axis; a double click
// sets both back.

const STEP = 1.2, FARTHEST = 1e4; // a notch of the wheel; how much larger a row can get

/** The axes of the row under the mouse. @param {any} figure @param {WheelEvent} event @returns {string[]} */
function under(figure, event) {
  const { top } = figure.getBoundingClientRect(), full = figure._fullLayout, at = event.clientY - top;
  const axes = Object.keys(full).filter((key) => /^yaxis\d*$/.test(key));
  const row = axes.find((key) => at >= full[key]._offset && at <= full[key]._offset + full[key]._length);
  return row ? axes.filter((key) => full[key]._offset === full[row]._offset) : [];
}

/** @type {WeakMap<Element, Record<string, number[]>>} a figure's ranges before the first zoom */
const whole = new WeakMap();
/** @type {WeakSet<Element>} figures that are listened to */
const listening = new WeakSet();

function zoom(event) {
  const figure = event.target.closest?.("#view-restore .js-plotly-plot, #view-compare .js-plotly-plot");
  const keys = figure ? under(figure, event) : [];
  if (!keys.length || event.ctrlKey) return;
  event.preventDefault();
  const before = whole.get(figure) || {}, change = {};
  for (const key of keys) {
    const range = figure._fullLayout[key].range.map(Number);
    before[key] = before[key] || range;
    const factor = event.deltaY > 0 ? STEP : 1 / STEP, next = range.map((end) => end * factor);
    const size = (next[1] - next[0]) / (before[key][1] - before[key][0]);
    if (size < 1 / FARTHEST || size > 2) return;
    const about = range[0] > 0 || range[1] < 0 ? range[0] : 0; // a row without nought: about its foot
    change[`${key}.range`] = range.map((end) => about + (end - about) * factor);
  }
  if (!listening.has(figure)) figure.on("plotly_doubleclick", () => setTimeout(back, 0, figure));
  listening.add(figure);
  whole.set(figure, before);
  window.Plotly.relayout(figure, change);
}
document.addEventListener("wheel", zoom, { passive: false });

// Plotly covers the figure while a button is down, so that the page hears of no double click; and
// sets axes back itself first.
function back(figure) {
  const before = whole.get(figure);
  if (!before) return;
  whole.delete(figure);
  window.Plotly.relayout(figure, Object.fromEntries(Object.entries(before).map(([key, range]) => [`${key}.range`, range])));
}
