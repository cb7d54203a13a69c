// The monotone map between a neuron's code and the factor that it carries.

import { catmullRom } from "./sampler.js";

const REACH = 5, PER_UNIT = 10; // the table's codes: −5, −4.9 … 5
const LAST = 2 * REACH * PER_UNIT;

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
    const at = Math.min(Math.max((z + REACH) * PER_UNIT, 0), LAST - 1e-6);
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
