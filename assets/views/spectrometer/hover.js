// A band under the pointer is marked in the figure and in the table's column, whichever it is in.

import { byId } from "../../lib/page.js";

/** @param {import("../../lib/figure/figure.js").SpectrumFigure} figure @param {Element} first what the pointer is over already */
export function markUnderPointer(figure, first) {
  const paint = () => {
    for (const cell of document.querySelectorAll("#bands [data-band]"))
      cell.classList.toggle("marked", figure.marked !== null && figure.bandAt(+cell.dataset.band) === figure.marked);
  };
  const mark = (position) => {
    if (position === figure.marked) return;
    figure.mark(position);
    paint();
  };
  let heard = false; // Plotly, which knows best which point it is, once it has drawn
  const listen = () => {
    heard = true;
    figure.element.on("plotly_hover", ({ points }) => mark(figure.bandAt(points[0].x)));
    figure.element.on("plotly_unhover", () => mark(null));
  };
  new MutationObserver(paint).observe(byId("bands"), { childList: true }); // a new table
  const over = (target) => {
    if (!heard && figure.element.on) listen();
    const cell = target.closest?.("#bands [data-band]");
    if (cell) mark(figure.bandAt(+cell.dataset.band));
    else if (!target.closest?.("#spectrum")) mark(null);
  };
  over(first);
  document.addEventListener("pointerover", ({ target }) => over(target));
  document.documentElement.addEventListener("pointerleave", () => mark(null));
}
