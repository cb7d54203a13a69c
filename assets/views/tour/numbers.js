// What the tour reads off the drawn curve; each number is words with its unit.

/** @type {[number, number]} */
const ALL = [0, Infinity];
const CM = " cm<sup>−1</sup>";

export const signed = (value, digits) => value.toFixed(digits).replace("-", "−");
export const thousands = (counts) => String(+counts.toPrecision(2)).replace(/\B(?=(\d{3})+$)/g, "\u202f");
const percent = (share, digits = 1) => signed(100 * share, digits) + " %";

// The first bands of the table, strongest first, on the wavenumbers x.
export const summed = (bands, x) =>
  Float64Array.from(x, (at) =>
    bands.reduce((sum, { position, height, width, mixing }) => {
      const u = ((at - position) / width) ** 2;
      return sum + height * (mixing / (1 + 4 * u) + (1 - mixing) * Math.exp(-4 * Math.LN2 * u));
    }, 0));

function area(x, y, [low, high]) {
  let sum = 0;
  for (let i = 1; i < x.length; i++)
    if (x[i - 1] >= low && x[i] <= high) sum += ((y[i] + y[i - 1]) / 2) * (x[i] - x[i - 1]);
  return sum;
}

const largest = (x, y, [low, high] = ALL) =>
  y.reduce((top, v, i) => (x[i] >= low && x[i] <= high ? Math.max(top, Math.abs(v)) : top), 0);

// By name: (curve, {model, mineral, figure, map, neuron, value}) → words.
const left = (group) => (y, { model, mineral }) => {
  const of = (curve) => area(model.wavenumber, curve, mineral.windows[group]);
  return percent(of(y) / of(model.reference));
};
const change = (y, { model }) => percent(largest(model.wavenumber, y.map((v, i) => v - model.reference[i])));
const row = (group) => (_y, { model, mineral, map, neuron }) =>
  largest(model.wavenumber, map.rows[neuron.index], mineral.windows[group]).toFixed(3);

// A band's height over the noise on its top: counting and read-out.
function signal(height, { model, value }) {
  const counts = 10 ** model.maps.purity.value(value);
  return String(+(height / Math.sqrt(height / counts + (model.counting.readout / counts) ** 2)).toPrecision(2));
}

export const numbers = {
  share: (y, { model: { wavenumber: x }, mineral: { bands } }) =>
    percent(area(x, y, ALL) / area(x, summed(bands, x), ALL), 0),
  difference: change,
  signal: (_y, context) => signal(1, context),
  signal_water: (y, context) =>
    signal(largest(context.model.wavenumber, y, context.mineral.windows.water), context),
  water: left("water"),
  sulfate: left("sulfate"),
  position: (y, { figure }) => {
    const { x } = figure.panels.main, fine = figure.panels.main.y(y);
    return x[fine.indexOf(Math.max(...fine))].toFixed(1) + CM;
  },
  kl: (_y, { neuron }) => neuron.kl.toFixed(4) + " nats",
  change,
  row_water: row("water"),
  row_sulfate: row("sulfate"),
  fwhm: (y, { figure }) => {
    const band = figure.mainBand(y);
    return (band.right - band.left).toFixed(1) + CM;
  },
};
