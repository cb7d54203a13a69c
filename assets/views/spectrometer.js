// The virtual spectrometer: a code z, and everything on the screen follows from it.

import { finiteNumbers, press, query, takeButtons, writeAddress } from "../lib/address.js";
import { loadModel, Model } from "../lib/decoder.js";
import { SpectrumFigure } from "../lib/figure/figure.js";
import { byId, isPressed, notice, set, t, unchanged } from "../lib/page.js";
import { currentView, go } from "../lib/views.js";
import * as behind from "./spectrometer/behind.js";
import { buildSliders, glide, showShares } from "./spectrometer/sliders.js";
import { buildPresets, showHeadline, showWords } from "./spectrometer/words.js";

const REST = 120, GLIDE = 250, SOLVING = 300; // ms after the last move; to a preset; before it is said that one waits

/** @type {Model} */
let model;
/** @type {SpectrumFigure} */
let figure;
/** @type {Float64Array} */
let z;
/** @type {import("./spectrometer/sliders.js").Slider[]} */
let sliders = [];
/** @type {number[][]} */
let undo = [];
/** @type {number[] | null} the code before the hand took hold of it */
let held = null;
let stop = () => {}, rest = 0, decodeTime = 0;

/** What the view holds, and switches for measuring its speed. */
const state = {
  drawing: true,
  frames: 0,
  get code() { return z && Array.from(z); },
  get figure() { return figure; },
  get model() { return model; },
  address: () => (model ? { model: model.id, z: Array.from(z, (v) => +v.toFixed(3)).join(",") } : {}),
};

// ---- models

const home = location.pathname === "/"; // another view's link asks this one for nothing
/** @type {{model: string | null, z: string | null} | null} what the address asks for */
let wanted = home ? { model: query.get("model"), z: query.get("z") } : null;
let asked = false, latest = "";

/** @param {() => any} there */
const until = (there) =>
  new Promise((resolve) => {
    const look = () => (there() ? resolve(true) : requestAnimationFrame(look));
    look();
  });

async function choose(id) {
  await until(() => window.Plotly && byId("spectrum"));
  if (wanted?.model && wanted.model !== id && !asked) {
    asked = true; // the address asked for another one: once, if it exists
    const known = [...byId("model").options].map((option) => option.value);
    if (known.includes(wanted.model)) return set("model", { value: wanted.model });
    notice(t("no_model", { name: wanted.model.slice(0, 40) }));
  }
  latest = id;
  const waiting = setTimeout(() => latest === id && showHeadline(t("solving")), SOLVING);
  try {
    const loaded = await loadModel(id);
    if (latest === id) setModel(loaded); // a slower, older choice must not win
  } catch (error) {
    notice(String(error.message || error));
  } finally {
    clearTimeout(waiting);
  }
}

function setModel(loaded) {
  const first = !model;
  stop();
  held = null;
  model = loaded;
  figure ||= new SpectrumFigure(byId("spectrum"));
  figure.setModel(model);
  z = Float64Array.from(model.origin);
  undo = [];
  buildPresets(model, glideTo);
  sliders = buildSliders(model, hand);
  tellShares();
  takeCode();
  byId("silent").open = false;
  figure.behind = behind.curveOf(model);
  draw(true);
  showAll();
  set("code", { data: Array.from(z) });
  if (!first) return writeAddress();
  takeToggles();
  new ResizeObserver(() => figure.resized() && redraw()).observe(byId("spectrum")); // told at first, too
  const hover = ({ target }) => import("./spectrometer/hover.js").then((found) => found.markUnderPointer(figure, target));
  byId("view-spectrometer").addEventListener("pointerover", hover, { once: true });
}

// What a mixed neuron moves: the server says it a little later than the sliders stand there.
let shares = null;

function tellShares(told) {
  shares = told || shares;
  if (shares && model && shares.model === model.id) showShares(sliders, shares.of);
  return unchanged();
}

// ---- the code, moved by a hand

const hand = {
  code: (j) => z[j],
  hold() { held ||= Array.from(z); },
  move(j, value) {
    z[j] = value;
    schedule();
  },
  put(j, value) {
    hand.hold();
    hand.move(j, value);
    hand.letGo();
  },
  letGo() {
    if (held?.some((v, i) => v !== z[i])) undo.push(held);
    held = null;
    byId("undo").disabled = undo.length === 0;
    clearTimeout(rest);
    rest = setTimeout(settle, REST);
  },
};

// After the last move: the exact figure, the address, and the server's band table.
function settle() {
  schedule(true);
  writeAddress();
  set("code", { data: Array.from(z) });
}

function glideTo(target) {
  hand.hold();
  stop();
  stop = glide(z, target, GLIDE, schedule, hand.letGo);
}

function back() {
  if (!undo.length) return;
  stop();
  held = null;
  z = Float64Array.from(undo.pop());
  settle();
}

// ---- drawing

let pending = false, exactly = false;

function schedule(exact = false) {
  exactly ||= exact;
  if (pending) return;
  pending = true;
  requestAnimationFrame(() => {
    const whole = exactly;
    pending = exactly = false;
    showAll();
    draw(whole);
  });
}

function draw(exact) {
  if (!model || currentView() !== "spectrometer") return;
  const start = performance.now(), spectrum = model.decode(z);
  decodeTime = performance.now() - start;
  state.frames++;
  if (!state.drawing) return;
  behind.tell(spectrum, figure.behind);
  figure.noise = noise();
  figure.projected = document.documentElement.classList.contains("projected");
  if (exact) figure.draw(Float64Array.from(spectrum));
  else figure.fastDraw(spectrum);
}

export const redraw = () => draw(true);

function layBehind(heard = () => {}) {
  heard();
  if (model) {
    figure.behind = behind.curveOf(model);
    redraw();
  }
  return unchanged();
}

function noise() {
  if (!isPressed("show-measured")) return null;
  const counts = sliders.find(({ map }) => map?.effect === "counts");
  return { counts: counts ? 10 ** counts.value() : 1000 };
}

function showAll() {
  for (const slider of sliders) slider.show();
  showWords(model, sliders, decodeTime);
  byId("undo").disabled = undo.length === 0;
}

// ---- address: ?model=…&z=…&axis=…&measured=1&reference=0

export function address(chosen) {
  const values = { ...state.address(), ...chosen };
  if (isPressed("show-measured")) values.measured = "1";
  if (byId("show-reference") && !isPressed("show-reference")) values.reference = "0";
  return values;
}

function takeToggles() {
  if (!home) return;
  takeButtons("spectrometer");
  if (query.get("measured") === "1") press("show-measured");
  if (query.get("reference") === "0") press("show-reference", false);
}

function takeCode() {
  const given = wanted;
  wanted = null;
  if (!given?.z || (given.model && given.model !== model.id)) return;
  const code = finiteNumbers(given.z, z.length);
  if (!code) return notice(t("bad_code", { given: given.z.split(",").length, latents: z.length }));
  z.set(model.within(code));
  const beyond = code.some((v, j) => v !== z[j]);
  if (beyond) notice(t("clamped", { limit: Math.max(...model.neurons.map(Model.reach)) }));
  settle();
}

/** A model from another view, at a code or as it opens. @param {{model: string, z: number[] | null}} to */
export function moveTo(to) {
  if (!model || model.id !== to.model) { // none yet: the first one is still on its way
    wanted = { model: to.model, z: to.z ? to.z.join(",") : null };
    set("model", { value: to.model });
  } else if (to.z) {
    hand.hold();
    z.set(model.within(to.z));
    hand.letGo();
    schedule(true);
  }
  go("/");
}

/** Is a model shown, so that a code can be given to it? */
export const isReady = () => !!model;

// ---- buttons

const toggled = (button) => button.setAttribute("aria-pressed", String(!isPressed(button.id)));
const exported = (how) => import("./spectrometer/export.js").then((files) => files[how]({ model, z, sliders, figure }));

const actions = {
  reset: () => glideTo(Float64Array.from(model.origin)),
  undo: back,
  "export-csv": () => exported("exportCsv"),
  "export-picture": () => exported("exportPicture"),
  "show-reference"(button) {
    toggled(button);
    figure.showReference = isPressed(button.id);
    redraw();
  },
  "show-file"(button) {
    toggled(button);
    layBehind();
  },
  "show-measured"(button) {
    toggled(button);
    showAll();
    redraw();
  },
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button || !model) return;
  actions[button.id]?.(button);
  if (button.dataset.group === "axis") {
    figure.mode = button.dataset.value;
    redraw();
  }
});

export const clientside = {
  state,
  choose(id) {
    choose(id);
    return unchanged();
  },
  moveTo(to) {
    if (to) moveTo(to);
    return unchanged();
  },
  tellShares,
  fileRestored: (selected) => layBehind(() => behind.take(selected)),
  fileTold: (told) => layBehind(() => behind.learn(told)),
};
