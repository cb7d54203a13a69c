// β-lab: one place of β in all plots. The curves of every β are in the page; nothing is asked for
// while the slider moves.

import { query, remember, takeButtons, wholeBelow } from "../lib/address.js";
import { byId, fill, lowered, notice, set, t, texts, unchanged } from "../lib/page.js";
import { built, go } from "../lib/views.js";

const PLOTS = ["plane", "through", "kl", "parts", "scores"], OVER_BETA = ["kl", "parts", "scores"];
const lab = { data: null, level: null, moves: 0 };
let asked = false, awaited = null; // the level that the address asks of a sweep still to come

const unpacked = ({ bdata }) => {
  const bytes = Uint8Array.from(atob(bdata), (c) => c.charCodeAt(0));
  return new Float32Array(bytes.buffer);
};
const middle = (data) => Math.floor((data.levels.length - 1) / 2);

// What the address asks for, once; a sweep other than the shipped one comes with the next data.
function fromAddress(data) {
  asked = true;
  const sweep = query.get("sweep"), level = query.get("level");
  if (sweep && sweep !== data.sweep) {
    const known = [...byId("lab-sweep").options].some((o) => o.value === sweep);
    if (known) {
      awaited = level;
      set("lab-sweep", { value: sweep });
      return middle(data);
    }
    notice(texts.bad_sweep);
  }
  return levelOf(level, data);
}

function levelOf(given, data) {
  if (given === null) return middle(data);
  const level = wholeBelow(given, data.levels.length);
  if (level !== null) return level;
  notice(t("bad_level", { given: given.slice(0, 20), count: data.levels.length }));
  return middle(data);
}

// ---- the slider and its words

function drawMarks(data) {
  const marks = data.falls.map(({ share, beta }) => {
    const mark = document.createElement("i");
    mark.style.left = 100 * share + "%";
    mark.title = fill(texts.mark_title, { beta });
    return mark;
  });
  byId("lab-marks").replaceChildren(...marks);
  const ends = [data.levels[0], data.levels[data.levels.length - 1]];
  byId("lab-low").textContent = fill(texts.lab_sharp, ends[0]);
  byId("lab-high").textContent = fill(texts.lab_blurred, ends[1]);
}

function tell(k, data) {
  const { facts, error, read } = data.levels[k], range = byId("lab-beta");
  facts.forEach((fact, j) => (byId(`lab-fact-${j}`).textContent = fact));
  byId("lab-through-words").innerHTML = lowered(error);
  byId("lab-span").style.width = `${(100 * k) / (data.levels.length - 1)}%`;
  range.setAttribute("aria-valuetext", fill(texts.lab_value, { beta: facts[0], active: facts[1] }));
  byId("lab-read").replaceChildren(
    ...read.map((words) => Object.assign(document.createElement("p"), { textContent: words })));
  remember("beta-lab", { ...(data.sweep === "shipped" ? {} : { sweep: data.sweep }), level: k });
}

// ---- the plots: whole figures when they are new, their moving parts otherwise

function whole(k, { figures, levels }) {
  const { at, beta, point, tangent, names, curve } = levels[k];
  const changed = (figure, parts) => ({
    ...figure,
    data: figure.data.map((trace, j) => ({ ...trace, ...(parts[j] || {}) })),
  });
  const { plane, through } = figures, { meta } = plane.layout;
  const drawn = {
    plane: changed(plane, {
      [meta.curve]: { text: names },
      [meta.tangent]: { x: tangent[0], y: tangent[1] },
      [meta.chosen]: { x: [point[0]], y: [point[1]], text: ["β " + beta] },
    }),
    through: changed(through, Object.fromEntries(
      through.layout.meta.shown.map((j, w) => [j, { y: curve[w] }]))),
  };
  for (const name of OVER_BETA) {
    const { layout } = figures[name], [line, ...others] = layout.shapes;
    drawn[name] = { ...figures[name], layout: { ...layout, shapes: [{ ...line, x0: at, x1: at }, ...others] } };
  }
  return PLOTS.map((name) => drawn[name]);
}

function move(k, { figures, levels }) {
  const { at, beta, point, tangent, names, curve } = levels[k];
  const plot = (name) => document.querySelector(`#lab-${name} .js-plotly-plot`);
  const { meta } = figures.plane.layout;
  window.Plotly.restyle(plot("through"), { y: curve.map(unpacked) }, figures.through.layout.meta.shown);
  window.Plotly.restyle(plot("plane"), {
    x: [tangent[0], [point[0]]], y: [tangent[1], [point[1]]], text: [[], ["β " + beta]],
  }, [meta.tangent, meta.chosen]);
  window.Plotly.restyle(plot("plane"), { text: [names] }, [meta.curve]);
  for (const name of OVER_BETA)
    window.Plotly.relayout(plot(name), { "shapes[0].x0": at, "shapes[0].x1": at });
}

export const groups = ["example"];
export const opened = () => takeButtons(groups);

export const clientside = {
  state: lab,

  show(data, value) {
    const nothing = PLOTS.map(() => unchanged());
    if (!data) return nothing;
    const fresh = data !== lab.data, other = fresh && lab.data && lab.data.sweep !== data.sweep;
    const last = data.levels.length - 1;
    let k = Math.min(Math.max(Math.round(Number(value)) || 0, 0), last);
    if (!asked) k = fromAddress(data);
    else if (other) k = awaited === null ? middle(data) : levelOf(awaited, data);
    if (other) awaited = null;
    if (fresh) {
      if (k !== Number(value) || other) set("lab-beta", { max: last, value: k });
      drawMarks(data);
    } else if (k === lab.level) return nothing;
    Object.assign(lab, { data, level: k, moves: lab.moves + 1 });
    tell(k, data);
    if (fresh) return whole(k, data);
    move(k, data);
    return nothing;
  },

  // The Training form, filled for a sweep; there the server checks it and queues it.
  train() {
    const button = byId("lab-train"), form = JSON.parse(button.dataset.form);
    go("/training");
    built("training", () => {
      byId("sweep-sweep").click();
      for (const [id, value] of Object.entries(form)) set(id, { value });
    });
    return unchanged();
  },
};
