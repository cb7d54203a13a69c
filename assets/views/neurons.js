// Neurons: the chosen row and band, from a click, a button or the address; the frame around them.

import { query, remember, takeButtons, takeOption, wholeBelow } from "../lib/address.js";
import { notice, set, t, triggered, unchanged } from "../lib/page.js";
import { nameInputs } from "../lib/uploads.js";
import { section } from "../lib/views.js";
import { begin, goOn } from "./neurons/pseudo.js";

const NEURONS = 8; // of every model
let chosen = null, asked = false, shown = null, state = {};


/** What the address asks for, once. */
export function opened() {
  nameInputs(section("neurons"));
  takeButtons("neurons");
  takeOption("model", "neurons-model");
  if (asked) return;
  asked = true;
  takeOption("against", "neurons-against");
  takeOption("band", "band");
  const given = query.get("neuron");
  if (given === null) return;
  chosen = wholeBelow(given, NEURONS);
  if (chosen === null) return notice(t("bad_neuron", { given: given.slice(0, 20) }));
  set("neuron", { data: chosen });
  state = { ...state, neuron: chosen };
  remember("neurons", state);
}

function choose(model, against, band, click) {
  for (const { prop_id, value } of triggered()) {
    if (prop_id.includes("clickData") && click?.points.length) {
      chosen = click.points[0].customdata;
      clicked = {}; // a row that is clicked in the heatmap comes after every button
    }
    if (prop_id.includes("pick-neuron") && value) chosen = JSON.parse(prop_id.slice(0, prop_id.lastIndexOf("."))).index;
  }
  state = { model };
  if (chosen !== null) state.neuron = chosen;
  if (against && against !== "-") state.against = against;
  if (band && band !== "-") state.band = band;
  remember("neurons", state);
  return chosen;
}

// The band under a click, by its place in the list; "-" where there is none.
function band(click, drawn) {
  if (!click?.points.length || !drawn) return unchanged();
  const x = click.points[0].x, bands = drawn.layout.meta.bands;
  const near = bands.map(([position, reach], k) => [Math.abs(position - x), reach, k]).filter(([d, reach]) => d <= reach);
  near.sort((a, b) => a[0] - b[0]);
  return near.length ? String(near[0][2]) : "-";
}

const line = (more, color, width, dash) =>
  ({ type: "rect", xref: "paper", yref: "y", x0: 0, x1: 1, ...more, line: { color, width, dash } });

// The figure with a frame around the chosen row and two lines beside the chosen band.
function frame(drawn, neuron, band) {
  if (!drawn) return unchanged();
  const { rows, bands, ink } = drawn.layout.meta, shapes = [...drawn.layout.shapes];
  const moving = Object.entries(rows).sort((a, b) => b[1][1] - a[1][1]);
  const [y0, y1] = rows[neuron] || moving[0][1];
  shapes.push(line({ y0, y1 }, ink, 2));
  const [position, reach] = bands[band] || [];
  for (const axis of ["xaxis", "xaxis2"]) {
    const [low, high] = drawn.layout[axis]?.range || []; // a mineral without a lens has one axis
    if (!(position >= low && position <= high)) continue;
    const place = { xref: axis.replace("axis", ""), x0: position - reach, x1: position + reach };
    shapes.push(line({ ...place, yref: "paper", y0: 0, y1: 1 }, ink, 1, "dot"));
  }
  const plot = document.querySelector("#heatmap .js-plotly-plot");
  if (shown !== drawn || !plot) {
    shown = drawn;
    return { ...drawn, layout: { ...drawn.layout, shapes } };
  }
  setTimeout(() => window.Plotly.relayout(plot, { shapes })); // the scan goes first
  return unchanged();
}

// The scan is drawn here, before Dash hears of the click: its way round the page takes 100 ms.
const ROUND = 1000; // ms after a click in which older ones may still come back from Dash
let scans = null, drawn = null, clicked = {};
const scanPlot = () => document.querySelector("#scan .js-plotly-plot");
const scanFor = (neuron) => scans.scans[neuron] || scans.scans[scans.first];
function drawScan(neuron) {
  const plot = scanPlot();
  if (!scans || !plot?.layout || drawn === scanFor(neuron)) return;
  drawn = scanFor(neuron);
  window.Plotly.react(plot, drawn.figure.data, { ...drawn.figure.layout, autosize: true });
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("#view-neurons button[id*='pick-neuron']");
  if (!button) return;
  clicked = { neuron: JSON.parse(button.id).index, at: Date.now() };
  drawScan(clicked.neuron);
}, true);

function scan(given, neuron) {
  const nothing = unchanged();
  if (!given) return [nothing, nothing, nothing];
  const other = scans !== given || !scanPlot();
  scans = given;
  const older = Date.now() - clicked.at < ROUND && clicked.neuron !== neuron;
  if (older && !other) return [nothing, nothing, nothing];
  if (other) drawn = scanFor(neuron);
  else drawScan(neuron);
  return [other ? drawn.figure : nothing, drawn.title, drawn.words];
}

// The chosen neuron's row of the command map.
function markRow(neuron) {
  const buttons = [...document.querySelectorAll("#command-map .pick")];
  const own = buttons.find((b) => Number(b.dataset.neuron) === neuron) || (neuron === null && buttons[0]);
  for (const b of buttons) {
    b.closest("tr").classList.toggle("chosen", b === own);
    b.setAttribute("aria-pressed", String(b === own));
  }
  return unchanged();
}

export const clientside = {
  begin, goOn, choose, band, frame, scan, markRow,
}
