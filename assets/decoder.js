// The decoder inside the page: fetches a model's weights once and turns codes into spectra.
// decode() is the same arithmetic as Decoder.forward in spectra_vae/vae/model.py.
(function () {
  "use strict";
  const sv = (window.spectraVae = window.spectraVae || {});

  function halfToFloat(bits) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    if (exponent === 31) return fraction ? NaN : sign * Infinity;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }

  // The weights stand as all low bytes, then all high bytes.
  function readTensors(buffer, offset, shapes) {
    const low = new Uint8Array(buffer, offset, (buffer.byteLength - offset) / 2);
    const high = new Uint8Array(buffer, offset + low.length);
    const tensors = {};
    let at = 0;
    for (const [name, shape] of shapes) {
      const size = shape.reduce((a, b) => a * b, 1);
      tensors[name] = Float32Array.from({ length: size }, (_, i) => halfToFloat(low[at + i] | (high[at + i] << 8)));
      at += size;
    }
    return tensors;
  }

  function affine(weight, bias, input, output) {
    const n = input.length;
    for (let i = 0, k = 0; i < output.length; i++) {
      let a = bias[i], b = 0, c = 0, d = 0, j = 0; // four sums at once: none waits for the last
      for (; j + 3 < n; j += 4, k += 4) {
        a += weight[k] * input[j];
        b += weight[k + 1] * input[j + 1];
        c += weight[k + 2] * input[j + 2];
        d += weight[k + 3] * input[j + 3];
      }
      for (; j < n; j++) a += weight[k++] * input[j];
      output[i] = a + b + c + d;
    }
    return output;
  }

  function silu(values) {
    for (let i = 0; i < values.length; i++) values[i] /= 1 + Math.exp(-values[i]);
    return values;
  }

  // The monotone map between code and factor, tabulated at codes −5, −4.9 … 5.
  class FactorMap {
    constructor(name, entry) {
      Object.assign(this, entry, { name });
    }
    value(z) {
      const at = Math.min(Math.max((z + 5) * 10, 0), 99.999999);
      const k = Math.floor(at);
      const t = this.table;
      if (k < 1 || k > 98) return t[k] + (at - k) * (t[k + 1] - t[k]);
      const u = at - k; // Catmull–Rom: the map is smooth
      const a = t[k - 1], b = t[k], c = t[k + 1], d = t[k + 2];
      return b + 0.5 * u * (c - a + u * (2 * a - 5 * b + 4 * c - d + u * (3 * (b - c) + d - a)));
    }
    code(value, low, high) {
      let a = low, b = high;
      if (value <= this.value(a)) return a;
      if (value >= this.value(b)) return b;
      for (let i = 0; i < 50; i++) {
        const middle = (a + b) / 2;
        if (this.value(middle) < value) a = middle;
        else b = middle;
      }
      return Math.abs((a + b) / 2) < 1e-3 ? 0 : (a + b) / 2;
    }
  }

  class Model {
    constructor(info, tensors) {
      Object.assign(this, info);
      this.hidden = [];
      for (let i = 0; tensors[`decoder.hidden.${i}.weight`]; i++) {
        const bias = tensors[`decoder.hidden.${i}.bias`];
        const weight = tensors[`decoder.hidden.${i}.weight`];
        this.hidden.push({ weight, bias, out: new Float64Array(bias.length) });
      }
      const get = (part) => {
        const bias = tensors[`decoder.${part}.bias`];
        const out = new Float64Array(bias.length);
        return { weight: tensors[`decoder.${part}.weight`], bias, out };
      };
      this.residual = get("residual");
      this.output = get("out");
      this.maps = {};
      for (const [name, entry] of Object.entries(this.mineral.factors))
        this.maps[name] = new FactorMap(name, entry);
      this.reference = this.decode(this.origin).slice();
    }

    // Spectrum (Float64Array, reused by the next call) of a code.
    decode(z) {
      let h = Float64Array.from(z);
      for (const layer of this.hidden) h = silu(affine(layer.weight, layer.bias, h, layer.out));
      const more = silu(affine(this.residual.weight, this.residual.bias, h, this.residual.out));
      for (let i = 0; i < h.length; i++) h[i] += more[i];
      return affine(this.output.weight, this.output.bias, h, this.output.out);
    }

    mapOf(neuron) {
      return neuron.factor ? this.maps[neuron.factor] : null;
    }
  }

  sv.parseModel = function (buffer) {
    const view = new DataView(buffer);
    const magic = String.fromCharCode(...new Uint8Array(buffer, 0, 4));
    if (magic !== "SVAE") throw new Error("not a model");
    const length = view.getUint32(4, true);
    const info = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length)));
    return new Model(info, readTensors(buffer, 8 + length, info.tensors));
  };

  const loaded = {};
  sv.loadModel = function (id) {
    loaded[id] =
      loaded[id] ||
      fetch(`/model/${encodeURIComponent(id)}.bin`).then(async (answer) => {
        if (!answer.ok) {
          delete loaded[id];
          throw new Error(await answer.text());
        }
        return sv.parseModel(await answer.arrayBuffer());
      });
    loaded[id].catch(() => delete loaded[id]);
    return loaded[id];
  };
})();
