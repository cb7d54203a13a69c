// The decoder inside the page: a model's weights become a function from codes to spectra.
// decode() is the arithmetic of Decoder.forward of the Python package's network; its output layer
// may come as two smaller ones.

import { catmullRom } from "./sampler.js";

const COVERED = 5; // codes either side of 0 that every training covers

/** @typedef {{weight: Float32Array, bias: Float32Array, out: Float64Array<ArrayBuffer>}} Layer */

/** @param {number} bits of a float16 */
export function halfToFloat(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * Numbers that stand as all their lowest bytes, then all the next ones, then … the highest.
 * @param {Uint8Array} bytes @param {number} size bytes of one number
 */
function joined(bytes, size) {
  const n = bytes.length / size, numbers = new Uint32Array(n);
  for (let plane = 0; plane < size; plane++)
    for (let i = 0; i < n; i++) numbers[i] |= bytes[plane * n + i] << (8 * plane);
  return numbers;
}

/** @param {Uint8Array} bytes of float16 numbers @param {[string, number[]][]} shapes */
export function readTensors(bytes, shapes) {
  const numbers = Float32Array.from(joined(bytes, 2), halfToFloat);
  /** @type {Record<string, Float32Array>} */
  const tensors = {};
  let at = 0;
  for (const [name, shape] of shapes) {
    const size = shape.reduce((a, b) => a * b, 1);
    tensors[name] = numbers.subarray(at, at + size);
    at += size;
  }
  return tensors;
}

/**
 * The output layer as two: what stands for its directions is a whole number of powers of two.
 * @param {Uint8Array} bytes @param {[number, number]} shape directions, features @param {number[]} exponents
 */
export function readOutput(bytes, [r, features], exponents) {
  const whole = Float32Array.from(joined(bytes, 4), (n) => (n & 1 ? -(n + 1) / 2 : n / 2));
  const directions = whole.subarray(0, r * features), columns = whole.subarray(r * features);
  for (let i = 0; i < directions.length; i++) directions[i] *= 2 ** exponents[Math.floor(i / features)];
  const points = columns.length / r, weight = new Float32Array(columns.length);
  for (let k = 0; k < r; k++)
    for (let i = 0; i < points; i++) weight[i * r + k] = columns[k * points + i];
  return { "decoder.directions.weight": directions, "decoder.directions.bias": new Float32Array(r), "decoder.out.weight": weight };
}

/** @param {Layer} layer @param {Float64Array} input @returns {Float64Array<ArrayBuffer>} the layer's own, reused */
function affine({ weight, bias, out }, input) {
  const n = input.length;
  for (let i = 0, k = 0; i < out.length; i++) {
    let a = bias[i], b = 0, c = 0, d = 0, j = 0; // four sums at once: none waits for the last
    for (; j + 3 < n; j += 4, k += 4) {
      a += weight[k] * input[j];
      b += weight[k + 1] * input[j + 1];
      c += weight[k + 2] * input[j + 2];
      d += weight[k + 3] * input[j + 3];
    }
    for (; j < n; j++) a += weight[k++] * input[j];
    out[i] = a + b + c + d;
  }
  return out;
}

/** @param {Float64Array<ArrayBuffer>} values changed in place */
function silu(values) {
  for (let i = 0; i < values.length; i++) values[i] /= 1 + Math.exp(-values[i]);
  return values;
}

export class Model {
  /** @param {any} info the header @param {Record<string, Float32Array>} tensors */
  constructor(info, tensors) {
    this.id = info.id;
    this.card = info.card;
    /** @type {number[]} cm⁻¹, ascending */
    this.wavenumber = info.wavenumber;
    /** @type {number[]} the code of the reference */
    this.origin = info.origin;
    this.neurons = info.neurons;
    this.mineral = info.mineral;
    this.counting = info.counting;
    const layer = (/** @type {string} */ part) => {
      const bias = tensors[`decoder.${part}.bias`];
      return { weight: tensors[`decoder.${part}.weight`], bias, out: new Float64Array(bias.length) };
    };
    /** @type {Layer[]} */
    this.hidden = [];
    while (tensors[`decoder.hidden.${this.hidden.length}.weight`])
      this.hidden.push(layer(`hidden.${this.hidden.length}`));
    this.residual = layer("residual");
    this.directions = tensors["decoder.directions.weight"] ? layer("directions") : null;
    this.output = layer("out");
    /** @type {Record<string, FactorMap>} */
    this.maps = {};
    for (const [name, entry] of Object.entries(this.mineral.factors))
      this.maps[name] = new FactorMap(name, entry);
    this.reference = this.decode(this.origin).slice();
  }

  /** The spectrum of a code; the array is reused by the next call. @param {ArrayLike<number>} z */
  decode(z) {
    let h = Float64Array.from(z);
    for (const layer of this.hidden) h = silu(affine(layer, h));
    const more = silu(affine(this.residual, h));
    for (let i = 0; i < h.length; i++) h[i] += more[i];
    return affine(this.output, this.directions ? affine(this.directions, h) : h);
  }

  /** How far its code may go: what the training covered, or the slider's end if that is farther. @param {{low: number, high: number}} neuron */
  static reach({ low, high }) {
    return Math.max(COVERED, Math.abs(low), Math.abs(high));
  }

  /** That code, or the nearest that may be. @param {ArrayLike<number>} code @returns {number[]} */
  within(code) {
    return this.neurons.map((neuron, j) => {
      const reach = Model.reach(neuron);
      return Math.min(Math.max(code[j], -reach), reach);
    });
  }

  /** @param {{factor: string | null}} neuron @returns {FactorMap | null} */
  mapOf(neuron) {
    return neuron.factor ? this.maps[neuron.factor] : null;
  }
}

/** @param {ArrayBuffer} buffer as the server packs a model */
export function parseModel(buffer) {
  const magic = String.fromCharCode(...new Uint8Array(buffer, 0, 4));
  if (magic !== "SVAE") throw new Error("not a model");
  const length = new DataView(buffer).getUint32(4, true);
  const info = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length)));
  const count = info.tensors.reduce((sum, [, shape]) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const tensors = readTensors(new Uint8Array(buffer, 8 + length, 2 * count), info.tensors);
  if (info.directions)
    Object.assign(tensors, readOutput(new Uint8Array(buffer, 8 + length + 2 * count), info.directions, info.exponents));
  return new Model(info, tensors);
}

/** @type {Record<string, Promise<Model>>} */
const loaded = {};

/** Fetched once a page. @param {string} id */
export function loadModel(id) {
  loaded[id] ||= fetchModel(id);
  loaded[id].catch(() => delete loaded[id]);
  return loaded[id];
}

/** @param {string} id */
async function fetchModel(id) {
  const answer = await fetch(`/model/${encodeURIComponent(id)}.bin`);
  if (!answer.ok) throw new Error(await answer.text());
  return parseModel(await answer.arrayBuffer());
}

// ---- a neuron's factor

const PER_UNIT = 10; // of a factor's table, whose codes are −5, −4.9 … 5
const LAST = 2 * COVERED * PER_UNIT;

/** The monotone map between a neuron's code and the factor that it carries. */
export class FactorMap {
  /** @param {string} name @param {any} entry the header's: effect, hue, low, reference, high, unit, table */
  constructor(name, entry) {
    this.name = name;
    /** @type {string} */
    this.effect = entry.effect;
    /** @type {string | null} of the bands whose strength it is */
    this.group = entry.group ?? null;
    /** @type {string} */
    this.hue = entry.hue;
    /** @type {Record<string, string>} its name by language */
    this.label = entry.label;
    /** @type {number} */
    this.low = entry.low;
    /** @type {number} */
    this.reference = entry.reference;
    /** @type {number} */
    this.high = entry.high;
    /** @type {string} */
    this.unit = entry.unit;
    /** @type {number} how many times as wide the bands are at its low end */
    this.widest = entry.widest;
    /** @type {number[]} */
    this.table = entry.table;
  }

  /** The factor at a code; beyond the table, at its end. @param {number} z */
  value(z) {
    const at = Math.min(Math.max((z + COVERED) * PER_UNIT, 0), LAST - 1e-6);
    const k = Math.floor(at), table = this.table;
    if (k < 1 || k > LAST - 2) return table[k] + (at - k) * (table[k + 1] - table[k]);
    return catmullRom(table, k, at - k); // the map is smooth
  }

  /** The code between two that has a factor, or the nearer of them. @param {number} value @param {number} low @param {number} high */
  code(value, low, high) {
    let a = low, b = high;
    if (value <= this.value(a)) return a;
    if (value >= this.value(b)) return b;
    for (let i = 0; i < 50; i++) {
      const middle = (a + b) / 2;
      if (this.value(middle) < value) a = middle;
      else b = middle;
    }
    const found = (a + b) / 2;
    return Math.abs(found) < 1e-3 ? 0 : found;
  }
}
