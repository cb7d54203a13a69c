// The tour's hand: steps, their sliders, and the numbers read off the drawn curve.
// One code per step; a step is data (data-step, from views/tour/steps.py).

import { query, remember } from "../lib/address.js";
import { loadModel } from "../lib/decoder.js";
import { byId, notice, set, spoken, t } from "../lib/page.js";
import { go as goTo } from "../lib/views.js";
import { isReady, moveTo } from "./spectrometer.js";
import { TourFigure } from "./tour/figure.js";
import { readLink } from "./tour/link.js";
import { SensitivityMap } from "./tour/map.js";
import { numbers, signed, summed, thousands } from "./tour/numbers.js";
import { Pass } from "./tour/pass.js";
import { buildSlider, showSlider, told } from "./tour/slider.js";

const EXAMPLES = ["very-noisy", "noisy", "clean"]; // under the restoration's slider
const COUNTS = 300; // of the grey original behind the crystallinity

const pass = new Pass();
let panels = [], steps = [], mineral = null, figure = null, map = null;
let current = 0, variant = 0, value = 0, model = null, slider = null, asking = 0, pending = false, exactly = false;

const tour = { frames: 0, get figure() { return figure; }, get map() { return map; }, get model() { return model; },
  get step() { return current + 1; }, get value() { return value; }, get passing() { return !!pass.going; } };
const shown = () => byId("view-tour") && !byId("view-tour").hidden;
const step = () => steps[current];
const choice = () => step().variants[variant];
const dirty = () => step().name === "dirty";

// ---- from step to step

async function go(index, wanted = {}) {
  pass.cancel();
  current = Math.min(Math.max(index, 0), steps.length - 1);
  variant = wanted.variant || 0;
  panels.forEach((panel, k) => (panel.hidden = k !== current));
  document.querySelectorAll(".tour-bar .stop").forEach((stop, k) => {
    stop.classList.toggle("passed", k <= current);
    if (k === current) stop.setAttribute("aria-current", "step");
    else stop.removeAttribute("aria-current");
  });
  byId("tour-back").disabled = current === 0;
  byId("tour-next").classList.toggle("last", current === steps.length - 1);
  byId("tour-said").textContent = [".caption", "h1"].map((s) => panels[current].querySelector(s).textContent).join(": ");
  byId("tour-live").hidden = step().served;
  byId("tour-asked").hidden = !byId("tour-live").hidden;
  byId("tour-map").hidden = byId("tour-colours").hidden = step().name !== "map";
  byId("tour-told").hidden = step().name !== "beta";
  const here = await load(wanted.value);
  if (here && !Number.isFinite(wanted.value)) showOnce();
  const next = steps[current + 1];
  if (next) next.variants.forEach((v) => loadModel(v.model).catch(() => null)); // there before it is needed
}

function showOnce() {
  const { served } = step();
  pass.start(slider, { served, done: settle, move: (to) => { value = to; schedule(served); } });
}

// A step somebody takes is a page to come back to.
function walk(index) {
  if (index === current || index < 0 || index >= steps.length) return;
  history.pushState(history.state, "", location.href);
  go(index);
}
window.addEventListener("popstate", () => {
  const asked = Number(new URLSearchParams(location.search).get("step")) - 1;
  if (panels.length && shown() && steps[asked] && asked !== current) go(asked);
});

async function load(wanted) {
  const at = [current, variant], id = choice() ? choice().model : steps[1].variants[0].model;
  panels[current].querySelectorAll(".segment").forEach((b, k) => b.setAttribute("aria-pressed", String(k === variant)));
  try {
    const loaded = await loadModel(id);
    if (at[0] !== current || at[1] !== variant) return false; // a slower, older choice must not win
    model = loaded;
  } catch (error) {
    notice(String(error.message || error));
    return false;
  }
  if (!figure) figure = new TourFigure(byId("tour-spectrum"));
  if (!map) map = new SensitivityMap(byId("tour-map"));
  figure.setModel(model);
  slider = range();
  value = Number.isFinite(wanted) ? Math.min(Math.max(wanted, slider.low), slider.high) : slider.start;
  build();
  settle();
  return true;
}

// ---- the slider

// What the slider runs over: a neuron's codes, or a range of the step's own.
function range() {
  if (!choice()) {
    const { name, low, high, by, start } = step(), whole = name === "bands" || name === "seeds";
    const stops = { restoration: "tour_stop_", factors: "tour_more_" }[name];
    const ends = name === "restoration" ? [t("tour_noisiest"), t("tour_cleanest")] : stops ? ["", ""] : [low, high];
    const words = (v) => (whole ? String(v) : stops ? t(stops + v) : signed(v, 2));
    return { low, high, by, start, name: t("tour_slider_" + name), words, ends, hue: name === "alien" ? "unexplained" : "instrument" };
  }
  const neuron = model.neurons[choice().neuron], factor = model.mapOf(neuron), { found } = choice();
  const low = choice().low ?? neuron.low, high = choice().high ?? neuron.high;
  const named = nameOf(neuron.index);
  const counts = factor && factor.effect === "counts";
  const physical = (z) => (counts ? thousands(10 ** factor.value(z)) : signed(factor.value(z), 2));
  const words = (z) => (factor ? physical(z) : "z " + signed(z, 2));
  const hue = factor ? factor.hue : { water: "water", width: "structure" }[found] || "instrument";
  return { low, high, start: model.origin[neuron.index], name: named, neuron, words, ends: [words(low), words(high)], hue };
}

function build() {
  const { name } = step();
  const move = (to) => { value = Math.min(Math.max(to, slider.low), slider.high); schedule(false); };
  buildSlider(panels[current].querySelector(".tour-slider"), slider, { id: `tour-range-${name}`, at: () => value, move, settle });
  if (name === "beta") byId("tour-kl").innerHTML = told(model.neurons, slider.neuron.index);
}

// ---- the curve and its numbers (tour/numbers.js)

function code() {
  const z = Array.from(model.origin);
  if (slider.neuron) z[slider.neuron.index] = value;
  return z;
}

function showNumbers(spectrum) {
  const places = panels[current].querySelectorAll(".statistic b");
  const context = { model, mineral, figure, map, value, neuron: slider.neuron };
  step().numbers.forEach((name, k) => (places[k].innerHTML = numbers[name](spectrum, context)));
}

function schedule(exact) {
  exactly = exactly || exact;
  if (pending) return;
  pending = true;
  requestAnimationFrame(() => {
    pending = false;
    const whole = exactly;
    exactly = false;
    draw(whole);
  });
}

function draw(exact) {
  if (!slider || !shown()) return;
  showSlider(slider, value);
  tour.frames++;
  if (step().served) return ask(exact);
  const { name, grey } = step(), z = code();
  const spectrum = Float64Array.from(name === "bands" ? summed(mineral.bands.slice(0, value), model.wavenumber) : model.decode(z));
  figure.projected = document.documentElement.classList.contains("projected");
  figure.lay({ grey, dirty: dirty(), counts: dirty() ? 10 ** model.maps.purity.value(value) : COUNTS,
    lookalikes: name === "anhydrite" ? mineral.lookalikes : null });
  const seen = figure.element.clientWidth > 0; // on a phone the map stands alone
  const drawn = !seen ? null : exact ? figure.draw(spectrum) : figure.fastDraw(spectrum);
  const rest = () => {
    if (name === "map" && model && slider.neuron && step().name === "map")
      map.draw(model, z, slider.neuron.index, figure, nameOf);
    showNumbers(spectrum);
  };
  if (drawn && name === "map") drawn.then(rest); // the map stands under the figure's axes
  else rest();
}

// A neuron that nobody named is called what it was found to move.
const nameOf = (index) => {
  const neuron = model.neurons[index];
  const one = steps.flatMap(({ variants }) => variants).find((v) => v.found && v.model === model.id && v.neuron === index);
  if (one) return t("tour_found_" + one.found);
  return neuron.factor ? spoken(model.maps[neuron.factor].label) : neuron.inert ? t("silent_name") : t("mixed_name");
};

// The server draws: at once when the hand rests, a few times a second while it moves.
function ask(now) {
  clearTimeout(asking);
  const send = () => set("tour-ask", { data: { step: step().name, value } });
  if (now) send();
  else asking = setTimeout(send, 120);
}

// ---- address, links, events

function settle() {
  schedule(true);
  const state = { step: current + 1 };
  if (variant) state.with = variant + 1;
  if (value !== slider.start) state.at = +value.toFixed(3);
  remember("tour", state);
  panels[current].querySelector(".tour-open").href = [step().opens, about()].filter(Boolean).join("?");
}

// What the view that the step leads to is asked for.
function about() {
  if (step().opens === "/")
    return `model=${model.id}&z=${code().map((v) => +v.toFixed(3)).join(",")}` + (dirty() ? "&measured=1" : "");
  if (step().opens === "/neurons") return `model=${model.id}&neuron=${choice().neuron}`;
  if (step().opens === "/beta-lab") return "";
  return "example=" + (step().name !== "alien" ? EXAMPLES[value] : value > 0 ? "foreign" : "noisy");
}

function begin() {
  const { index, variant, value, right } = readLink(query, steps);
  if (!right) notice(t("tour_bad_link", { all: steps.length }));
  go(index, { variant, value });
}

document.addEventListener("click", (event) => {
  if (!shown() || !event.target.closest) return;
  const button = event.target.closest("button"), link = event.target.closest("a.tour-open");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) follow(event);
  if (!button || !panels.length) return;
  if (button.id === "tour-back") walk(current - 1);
  else if (button.id === "tour-next") walk(current === steps.length - 1 ? 0 : current + 1);
  else if (button.classList.contains("stop")) walk([...button.parentElement.children].indexOf(button));
  else if (button.dataset.variant) { variant = +button.dataset.variant; load(); }
});

// Inside the page where the view can be told; what was dropped on Restore stays there.
function follow(event) {
  if (step().opens === "/" && isReady()) {
    event.preventDefault();
    moveTo({ model: model.id, z: code() });
    const measured = byId("show-measured");
    if (dirty() && measured.getAttribute("aria-pressed") !== "true") measured.click();
  } else if (step().opens === "/restore") {
    event.preventDefault();
    query.set("example", new URLSearchParams(about()).get("example"));
    goTo("/restore");
  }
}

for (const kind of ["pointerdown", "keydown", "wheel"])
  document.addEventListener(kind, () => pass.stop(), { capture: true, passive: true });

document.addEventListener("keydown", (event) => {
  if (!shown() || event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
  const by = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[event.key];
  if (!by || !steps.length) return;
  event.preventDefault();
  walk(current + by);
});

export function redraw() {
  if (steps.length) schedule(true);
}

/** When the view is looked at for the first time. */
export function opened() {
  if (panels.length) return;
  panels = [...document.querySelectorAll(".tour-step")];
  steps = panels.map((panel) => JSON.parse(panel.dataset.step));
  mineral = JSON.parse(byId("tour-mineral").dataset.mineral);
  const ready = () => {
    if (!window.Plotly) return requestAnimationFrame(ready);
    begin();
    new ResizeObserver(redraw).observe(byId("tour-spectrum"));
  };
  ready();
}

export const clientside = { state: tour };
