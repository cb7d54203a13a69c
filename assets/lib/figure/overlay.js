// What stands over the plot as elements of the page: the main band's width beside its bracket,
// and the stripe behind a marked band. Both move without Plotly.

import { append } from "../page.js";
import { axisName, mainBand, REACH, windowAt } from "./panels.js";

/** @typedef {import("./figure.js").Scene} Scene */

export class Overlay {
  /** @param {HTMLElement} wrapper @param {any} plot Plotly's element in it */
  constructor(wrapper, plot) {
    this.plot = plot;
    this.width = append(wrapper, "div", { className: "fwhm" });
    this.stripe = append(wrapper, "div", { className: "band-mark", hidden: true });
    wrapper.insertBefore(this.stripe, plot);
    this.widest = 0; // of the words, px: measured while nothing moves
  }

  /** @param {Scene} scene @param {ArrayLike<number>} spectrum */
  placeWidth({ full: whole, narrow, panels: { main, lens } }, spectrum) {
    const full = this.plot._fullLayout, x = full?.[axisName(lens.x)], y = full?.[axisName(lens.y)];
    this.width.hidden = whole || !x;
    if (this.width.hidden) return;
    const band = mainBand(main, spectrum);
    this.width.innerHTML = `FWHM <b>${(band.right - band.left).toFixed(1)}</b> cm<sup>−1</sup>`;
    const middle = (x.l2p(band.left) + x.l2p(band.right)) / 2, half = y.l2p(band.height / 2);
    const beside = x.l2p(band.right) + 8, room = this.widest || 98;
    let at = [beside, half - 10];
    if (narrow) at = [0, 2];
    else if (beside + room > x._length) // no room there: under the bracket, inside the band
      at = [Math.min(Math.max(middle - room / 2, 2), x._length - room - 2), half + 4];
    this.width.style.transform = `translate(${x._offset + at[0]}px, ${y._offset + at[1]}px)`;
  }

  measure() {
    this.widest = this.width.offsetWidth;
  }

  /** Behind the band at that position [cm⁻¹], or none. @param {Scene} scene @param {number | null} position */
  mark({ full: whole, panels: { windows } }, position) {
    const full = this.plot._fullLayout;
    const panel = whole || position === null ? windows[0] : windows[windowAt(windows, position)];
    const axis = full?.[axisName(panel.x)], vertical = full?.[axisName(panel.y)];
    this.stripe.hidden = position === null || !axis;
    if (this.stripe.hidden) return;
    const [left, end] = [-REACH, REACH].map((reach) => axis.l2p(position + reach));
    Object.assign(this.stripe.style, { left: axis._offset + left + "px", width: end - left + "px",
      top: vertical._offset + "px", height: vertical._length + "px" });
  }

  /** The width as an annotation, for a picture of the figure; none where it isn't shown. @param {any} layout */
  annotation(layout, hue) {
    if (this.width.hidden) return [];
    const { l, t } = layout.margin;
    const [, x, y] = /translate\(([-\d.]+)px, ([-\d.]+)px\)/.exec(this.width.style.transform).map(Number);
    return [{ text: this.width.innerHTML, x: 0, y: 1, xref: "paper", yref: "paper", xanchor: "left", yanchor: "top",
      xshift: x - l, yshift: t - y, showarrow: false, font: { ...layout.font, color: hue } }];
  }
}
