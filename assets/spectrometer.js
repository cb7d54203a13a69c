// The virtual spectrometer's hand: sliders, presets, undo, address, export.
// The code z is the one state; everything on the screen follows from it.
(function () {
  "use strict";
  const sv = (window.spectraVae = window.spectraVae || {});
  const texts = JSON.parse(document.getElementById("texts").textContent);
  const t = (key, values = {}) =>
    (key in texts ? texts[key] : key).replace(/\{(\w+)\}/g, (_, name) => (name in values ? values[name] : ""));
  const byId = (id) => document.getElementById(id);
  const thousands = (number) => number.toLocaleString("en", { maximumFractionDigits: 20 }).replace(/,/g, "\u202f");
  const minus = (text) => String(text).replace(/-(?=0\.?0*$)/, "").replace(/-/g, "−"); // nought has no sign

  let model = null, figure = null, z = null, rows = [], undo = [], held = null;
  let pending = false, glide = 0, release = 0, decodeTime = 0;

  const app = {
    // Switches for measuring and for tests.
    drawing: true,
    frames: 0,
    get code() { return z && Array.from(z); },
    get figure() { return figure; },
    get model() { return model; },
  };
  sv.spectrometer = app;

  function waitFor(test) {
    return new Promise((resolve) => {
      const look = () => (test() ? resolve(test()) : requestAnimationFrame(look));
      look();
    });
  }

  // ---- models

  sv.choose = async function (id) {
    try {
      await waitFor(() => window.Plotly && byId("spectrum"));
      if (sv.wanted) [app.wanted, sv.wanted] = [sv.wanted, null];
      const wanted = app.wanted && app.wanted.model;
      if (wanted && wanted !== id && !app.asked) {
        app.asked = true; // the address asked for another one: once, if it exists
        const known = [...byId("model").options].map((o) => o.value);
        if (known.includes(wanted)) return window.dash_clientside.set_props("model", { value: wanted });
        sv.notice(t("no_model", { name: wanted.slice(0, 40) }));
      }
      app.latest = id;
      const loaded = await sv.loadModel(id);
      if (app.latest === id) setModel(loaded); // a slower, older choice must not win
    } catch (error) {
      sv.notice(String(error.message || error));
    }
  };

  function setModel(loaded) {
    const first = !model;
    glide++;
    held = null;
    model = loaded;
    if (!figure) figure = new sv.SpectrumFigure(byId("spectrum"), texts);
    figure.setModel(model);
    z = Float64Array.from(model.origin);
    undo = [];
    buildPresets();
    buildSliders();
    if (app.wanted) takeFromAddress();
    byId("silent").open = false;
    draw(true);
    showAll();
    window.dash_clientside.set_props("code", { data: Array.from(z) });
    if (first) sv.applyAddress("spectrometer");
    if (first) new ResizeObserver(() => draw(true)).observe(byId("spectrum"));
  }

  // ---- sliders

  const moving = () => model.neurons.filter((n) => !(n.inert && !n.active));

  function buildSliders() {
    const strong = byId("sliders"), silent = byId("silent-sliders");
    strong.replaceChildren();
    silent.replaceChildren();
    rows = [];
    const effects = ["strength", "width", "position", "scale", "counts"];
    const rank = (n) => (n.factor ? effects.indexOf(model.maps[n.factor].effect) : 9);
    for (const neuron of [...moving()].sort((a, b) => rank(a) - rank(b) || a.index - b.index))
      strong.append(sliderRow(neuron));
    const quiet = model.neurons.filter((n) => n.inert && !n.active);
    for (const neuron of quiet) silent.append(sliderRow(neuron));
    byId("silent").hidden = quiet.length === 0;
    byId("silent-summary").textContent = t(quiet.length === 1 ? "silent_one" : "silent_many", {
      count: quiet.length, which: quiet.map((n) => "#" + n.index).join(", ") });
    rows.sort((a, b) => a.neuron.index - b.neuron.index);
    sv.tellShares();
  }

  // What a mixed neuron moves: the server says it a little later than the sliders stand there.
  let told = null;
  sv.tellShares = function (shares) {
    told = shares || told;
    if (!told || !model || told.model !== model.id) return;
    for (const { neuron, row } of rows) {
      const words = told.of[neuron.index];
      if (words) row.querySelector(".help").innerHTML = words.replace(/ %/g, "\u00a0%").replace(/ν1/g, "ν<sub>1</sub>");
    }
  };

  // Not type="number": that one takes a comma only where the browser's own language writes one.
  const NUMBER = 'type="text" inputmode="decimal" role="spinbutton" autocomplete="off"';
  const typed = (input) => parseFloat(input.value.replace(/\s/g, "").replace("−", "-").replace(",", "."));

  function sliderRow(neuron) {
    const map = model.mapOf(neuron), j = neuron.index;
    const row = document.createElement("div");
    const hue = map ? map.hue : "instrument";
    const name = map ? t("factor_" + neuron.factor) : neuron.inert ? t("silent_name") : t("mixed_name");
    row.className = "slider " + (neuron.inert && !neuron.active ? "muted" : hue);
    row.innerHTML = `
      <div class="slider-head">
        <label for="z-${j}"></label><span class="tag" hidden></span>
        <span class="caption index">#${j} · z <span class="now"></span></span>
        <span class="value"><input ${NUMBER} id="value-${j}"><span class="unit"></span></span>
      </div>
      <div class="track"><span class="span"></span><span class="tick"></span>
        <input type="range" id="z-${j}" step="any"></div>
      <div class="ends"><span></span><span class="middle"></span><span></span></div>
      <div class="caption help"></div>`;
    const get = (selector) => row.querySelector(selector);
    get("label").textContent = name;
    const range = get("input[type=range]"), number = get("[role=spinbutton]");
    range.min = neuron.low;
    range.max = neuron.high;
    number.setAttribute("aria-label", t("value_of", { name: `${name} #${j}` }));
    const ends = row.querySelectorAll(".ends span");
    const log = map && map.effect === "counts";
    const shown = (value) => (log ? thousands(Math.round(10 ** value)) : minus(value));
    ends[0].textContent = map ? shown(map.low) + t("low_" + neuron.factor) : minus(neuron.low.toFixed(1));
    ends[1].textContent = map ? shown(map.reference) + t("middle_" + neuron.factor) : "";
    ends[2].textContent = map ? shown(map.high) + t("high_" + neuron.factor) : minus(neuron.high.toFixed(1));
    get(".unit").innerHTML = map && map.unit === "cm⁻¹" ? " cm<sup>−1</sup>" : log ? " " + t("counts") : "";
    if (log) row.append(laser(neuron, map));
    const help = map ? t("help_" + neuron.factor) : neuron.inert ? "" : t("help_mixed");
    get(".help").innerHTML = help.replace("ν1", "ν<sub>1</sub>");
    if (!map && !neuron.inert) { get(".tag").hidden = false; get(".tag").textContent = t("entangled"); }
    const entry = { neuron, map, row, range, number, log, bar: get(".span"), tick: get(".tick"),
      out: get(".now"), middle: ends[1] };
    const origin = share(entry, model.origin[j]);
    entry.tick.style.left = 100 * origin + "%";
    ends[1].style.left = 100 * origin + "%";
    range.addEventListener("input", () => { hold(); set(j, +range.value); });
    range.addEventListener("change", letGo);
    range.addEventListener("dblclick", () => { hold(); set(j, model.origin[j]); letGo(); });
    range.addEventListener("keydown", (event) => onKey(event, entry));
    number.addEventListener("change", () => onNumber(entry));
    number.addEventListener("keydown", (event) => {
      if (!/^(Enter|ArrowUp|ArrowDown)$/.test(event.key)) return;
      number.blur(); // takes what was typed
      if (event.key === "Enter") return;
      onKey(event, entry);
      showRow(entry, true);
      number.focus();
    });
    rows.push(entry);
    return row;
  }

  // Laser power × integration time → counts: two controls of the same neuron.
  const lamp = { power: 10, time: 1 };

  function laser(neuron, map) {
    const place = document.createElement("div");
    place.className = "laser";
    place.hidden = true;
    for (const [name, unit] of [["power", "mW"], ["time", "s"]]) {
      const label = document.createElement("label");
      label.innerHTML = `${t(name)}<input ${NUMBER} id="laser-${name}">${unit}`;
      const input = label.querySelector("input");
      input.addEventListener("change", () => {
        const value = typed(input);
        if (value > 0) lamp[name] = value;
        hold();
        set(neuron.index, map.code(Math.log10(model.counting.efficiency * lamp.power * lamp.time), neuron.low, neuron.high));
        letGo();
      });
      place.append(label);
    }
    return place;
  }

  function showLaser(entry, counts) {
    const place = entry.row.querySelector(".laser");
    place.hidden = byId("show-measured").getAttribute("aria-pressed") !== "true";
    lamp.time = counts / (model.counting.efficiency * lamp.power);
    for (const name of ["power", "time"]) {
      const input = place.querySelector("#laser-" + name);
      input.setAttribute("aria-valuenow", +lamp[name].toPrecision(3));
      if (document.activeElement !== input) input.value = +lamp[name].toPrecision(3);
    }
  }

  const share = (entry, value) =>
    Math.min(Math.max((value - entry.neuron.low) / (entry.neuron.high - entry.neuron.low), 0), 1);

  function onKey(event, entry) {
    const { low, high, index } = entry.neuron, step = ((high - low) / 100) * (event.shiftKey ? 10 : 1);
    const to = { ArrowRight: z[index] + step, ArrowUp: z[index] + step, ArrowLeft: z[index] - step,
      ArrowDown: z[index] - step, Home: low, End: high, 0: model.origin[index] }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    hold();
    set(index, Math.min(Math.max(to, low), high));
    letGo();
  }

  function onNumber(entry) {
    const { map, neuron, number, log } = entry;
    let value = typed(number);
    const ends = map || neuron, told = (end) => +(log ? 10 ** end : end).toPrecision(2);
    const low = told(ends.low), high = told(ends.high), slack = 1e-2 * (high - low);
    if (!(value >= low - slack && value <= high + slack)) // said, and brought to the nearest end
      sv.notice(t("slider_takes", { name: entry.row.querySelector("label").textContent, low: minus(thousands(low)), high: thousands(high) }));
    if (Number.isFinite(value)) {
      hold();
      if (log) value = Math.log10(Math.max(value, 1e-3));
      const code = map ? map.code(value, neuron.low, neuron.high) : value;
      set(neuron.index, Math.min(Math.max(code, neuron.low), neuron.high));
      letGo();
    }
    showRow(entry, true);
  }

  // ---- state

  function hold() {
    if (!held) held = Array.from(z);
  }

  function set(j, value) {
    z[j] = value;
    schedule();
  }

  function letGo() {
    if (held && held.some((v, i) => v !== z[i])) undo.push(held);
    held = null;
    byId("undo").disabled = undo.length === 0;
    clearTimeout(release);
    release = setTimeout(settle, 120);
  }

  // After the last move: the exact figure, the address, and the server's band table.
  function settle() {
    schedule(true);
    if (sv.writeAddress) sv.writeAddress();
    window.dash_clientside.set_props("code", { data: Array.from(z) });
  }

  function schedule(exact) {
    app.exact = app.exact || exact;
    if (pending) return;
    pending = true;
    requestAnimationFrame(() => {
      pending = false;
      const whole = app.exact;
      app.exact = false;
      showAll();
      draw(whole);
    });
  }

  function draw(exact) {
    if (!model || byId("view-spectrometer").hidden) return;
    const start = performance.now();
    const spectrum = model.decode(z);
    decodeTime = performance.now() - start;
    app.frames++;
    if (!app.drawing) return;
    figure.noise = noise();
    if (exact) figure.draw(Float64Array.from(spectrum));
    else figure.fastDraw(spectrum);
  }

  function noise() {
    if (byId("show-measured").getAttribute("aria-pressed") !== "true") return null;
    const entry = rows.find((r) => r.map && r.map.effect === "counts");
    return { counts: entry ? 10 ** entry.map.value(z[entry.neuron.index]) : 1000 };
  }

  function glideTo(target) {
    hold();
    const from = Array.from(z), start = performance.now(), mine = ++glide;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const step = () => {
      if (mine !== glide) return;
      const u = still ? 1 : Math.min((performance.now() - start) / 250, 1), ease = u * u * (3 - 2 * u);
      for (let j = 0; j < z.length; j++) z[j] = from[j] + ease * (target[j] - from[j]);
      schedule();
      if (u < 1) requestAnimationFrame(step);
      else letGo();
    };
    step();
  }

  // ---- words and numbers beside the figure

  function showAll() {
    for (const entry of rows) showRow(entry);
    showHeadline();
    const water = rows.find((r) => r.map && r.map.effect === "strength");
    const note = byId("virtual-note"), dry = water && water.map.value(z[water.neuron.index]) < 0.6;
    note.hidden = !water;
    note.style.visibility = dry ? "visible" : "hidden"; // keeps its room: nothing may jump while dragging
    if (!note.innerHTML) note.innerHTML = t("virtual_note");
    byId("undo").disabled = undo.length === 0;
    const kind = t("kind_" + model.card.supervision);
    byId("status").textContent = t("status", { time: decodeTime.toFixed(1), model: model.id, kind });
  }

  function showRow(entry, always) {
    const { neuron, map, range, number, bar, out } = entry, value = z[neuron.index];
    if (!always && !entry.log && entry.seen === value) return; // seven rows of eight rest during a drag
    entry.seen = document.activeElement === number ? null : value;
    range.value = value;
    out.textContent = minus((value > -0.005 ? "+" : "") + value.toFixed(2));
    const physical = map ? map.value(value) : value;
    const rounded = physical.toFixed(map && map.unit === "cm⁻¹" ? 1 : 2);
    const home = map && Math.abs(physical - map.reference) < 5e-4 && +rounded !== map.reference; // 0.755 is no 0.76
    const text = entry.log ? (10 ** physical).toPrecision(3) : home ? String(map.reference) : rounded;
    if (document.activeElement !== number) number.value = entry.log ? thousands(+text) : minus(text);
    number.setAttribute("aria-valuenow", +text);
    range.setAttribute("aria-valuetext", `${text} ${entry.row.querySelector(".unit").textContent}`.trim());
    if (entry.log) showLaser(entry, 10 ** physical);
    const a = share(entry, model.origin[neuron.index]), b = share(entry, value);
    bar.style.left = 100 * Math.min(a, b) + "%";
    bar.style.width = 100 * Math.abs(b - a) + "%";
  }

  function showHeadline() {
    const parts = [];
    const brighter = rows.some(({ map, neuron }) => map && map.effect === "scale" && Math.abs(map.value(z[neuron.index]) - map.reference) > 0.02);
    for (const { map, neuron } of rows) {
      if (!map) continue;
      const value = map.value(z[neuron.index]);
      const key = brighter ? "headline_water_relative" : "headline_water";
      if (map.effect === "strength") parts.push(t(key, { value: `<b class="water">${value.toFixed(2)} ×</b>` }));
      if (map.effect === "width") {
        const wide = map.widest ** ((map.reference - value) / (map.reference - map.low));
        parts.push(t("headline_width", { value: `<b class="structure">${wide.toFixed(2)} ×</b>` }));
      }
    }
    if (parts.length) byId("headline").innerHTML = parts.join(", ");
    else byId("headline").textContent = t("headline_" + model.card.supervision);
  }

  function buildPresets() {
    const place = byId("presets");
    place.replaceChildren();
    const controls = {};
    for (const n of model.neurons) if (n.factor) controls[n.factor] = n;
    const presets = Object.keys(controls).length ? model.mineral.presets : model.mineral.presets.slice(0, 1);
    for (const { name, factors } of presets) {
      const target = Float64Array.from(model.origin);
      for (const [factor, value] of Object.entries(factors)) {
        const n = controls[factor];
        if (n) target[n.index] = model.maps[factor].code(value, n.low, n.high);
      }
      const text = name === "reference" ? model.mineral.name : name;
      place.append(pill(t("preset_" + text.replace(/ /g, "_")), () => glideTo(target)));
    }
    const random = pill(t("preset_random"), () =>
      glideTo(Float64Array.from(model.origin, (origin, j) => {
        const n = model.neurons[j];
        return n.inert ? origin : n.low + Math.random() * (n.high - n.low);
      })));
    random.prepend(Object.assign(document.createElement("i"), { className: "icon icon-shuffle" }));
    place.append(random);
  }

  function pill(text, act) {
    const button = document.createElement("button");
    button.className = "pill";
    button.textContent = text;
    button.addEventListener("click", act);
    return button;
  }

  // ---- address: ?model=…&z=…

  app.address = () => (model ? { model: model.id, z: Array.from(z, (v) => +v.toFixed(3)).join(",") } : {});

  function takeFromAddress() {
    const wanted = app.wanted;
    app.wanted = null;
    if (wanted.model && wanted.model !== model.id) return;
    if (!wanted.z) return;
    const given = wanted.z.split(",").map((v) => (v.trim() === "" ? NaN : Number(v)));
    if (given.length !== z.length || !given.every(Number.isFinite))
      return sv.notice(t("bad_code", { given: given.length, latents: z.length }));
    let clamped = false;
    for (let j = 0; j < z.length; j++) {
      const limit = reach(model.neurons[j]);
      z[j] = Math.min(Math.max(given[j], -limit), limit);
      clamped = clamped || z[j] !== given[j];
    }
    if (clamped) sv.notice(t("clamped", { limit: Math.max(...model.neurons.map(reach)) }));
    settle();
  }

  // How far a code may go: what the training covered, or the slider's end if that is farther.
  function reach({ low, high }) {
    return Math.max(5, Math.abs(low), Math.abs(high));
  }

  // A code from another view: {model, z}.
  sv.moveTo = async function (to) {
    if (model && model.id !== to.model) {
      app.wanted = { model: to.model, z: to.z.join(",") };
      window.dash_clientside.set_props("model", { value: to.model });
    } else if (model) {
      hold();
      for (let j = 0; j < z.length; j++) {
        const limit = reach(model.neurons[j]);
        z[j] = Math.min(Math.max(to.z[j], -limit), limit);
      }
      letGo();
      schedule(true);
    }
    sv.go("/");
  };

  // ---- export

  function exportCsv() {
    const spectrum = model.decode(z), lines = [`# model: ${model.id}`, `# z: ${Array.from(z).join(" ")}`];
    for (const { map, neuron } of rows) if (map) lines.push(`# ${neuron.factor}: ${map.value(z[neuron.index]).toFixed(5)}`);
    const noisy = figure.measured(spectrum);
    lines.push("wavenumber_cm-1,intensity" + (noisy ? ",simulated" : ""));
    model.wavenumber.forEach((x, i) =>
      lines.push(`${x},${spectrum[i].toPrecision(7)}` + (noisy ? `,${noisy[i].toPrecision(7)}` : "")));
    sv.saveBlob("spectrum.csv", new Blob([lines.join("\n") + "\n"], { type: "text/csv" }));
  }

  function exportPicture() {
    const { clientWidth, clientHeight } = figure.element;
    const factors = [...byId("sliders").children].filter((row) => rows.some((entry) => entry.map && entry.row === row)).map((row) =>
      `${row.querySelector("label").textContent} ${row.querySelector("[role=spinbutton]").value}${sv.plainWords(row.querySelector(".unit")).replace(/^(?=.)/, " ")}`);
    sv.savePicture("spectrum.png", figure.pictured(), clientWidth, clientHeight,
      `${byId("spectrum-title").textContent}: ${sv.plainWords(byId("headline"))}`,
      [`${t("model_named", { model: model.id })}, ${t("kind_" + model.card.supervision)}`, [factors.join(", "), figure.showReference && t("picture_dashed"), figure.noise && t("picture_grey", { counts: thousands(Math.round(figure.noise.counts)) })].filter(Boolean).join("; "), `z: ${minus(Array.from(z, (v) => v.toFixed(2)).join(", "))}`]);
  }

  // ---- events on elements that Dash renders

  const pressed = (button) => {
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    return on;
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button || !model) return;
    if (button.id === "reset") glideTo(Float64Array.from(model.origin));
    else if (button.id === "undo" && undo.length) {
      glide++;
      held = null;
      z = Float64Array.from(undo.pop());
      settle();
    } else if (button.id === "export-csv") exportCsv();
    else if (button.id === "export-picture") exportPicture();
    else if (button.id === "show-reference") { figure.showReference = pressed(button); draw(true); }
    else if (button.id === "show-measured") { pressed(button); showAll(); draw(true); }
    else if (button.dataset.group === "axis") { figure.mode = button.dataset.value; draw(true); }
  });

  sv.redraw = () => draw(true);
})();
