// A band under the pointer is marked in the figure and in the table's column, whichever it is in.
(function () {
  "use strict";
  const sv = (window.spectraVae = window.spectraVae || {});
  const REACH = 16; // cm⁻¹ from its place in the table: a slider moves bands by 8
  const byId = (id) => document.getElementById(id);
  let marked = null, listening = null;

  const bands = () => (sv.spectrometer && sv.spectrometer.model ? sv.spectrometer.model.mineral.bands : []);
  const near = (x) => bands().map((band) => band.position).find((position) => Math.abs(position - x) <= REACH) ?? null;

  function mark(position) {
    if (position === marked) return;
    marked = position;
    paint();
    sv.spectrometer.figure.mark(position);
  }
  function paint() {
    for (const cell of document.querySelectorAll("#bands [data-band]"))
      cell.classList.toggle("marked", marked !== null && Math.abs(cell.dataset.band - marked) <= REACH / 4);
  }

  document.addEventListener("pointerover", (event) => {
    const figure = sv.spectrometer && sv.spectrometer.figure;
    if (!figure || !event.target.closest) return;
    if (listening !== figure.element && figure.element.on) { // Plotly knows best which point it is
      listening = figure.element;
      listening.on("plotly_hover", ({ points }) => mark(near(points[0].x)));
      listening.on("plotly_unhover", () => mark(null));
      new MutationObserver(paint).observe(byId("bands"), { childList: true }); // a new table
    }
    const cell = event.target.closest("#bands [data-band]");
    if (cell) mark(near(+cell.dataset.band));
    else if (!byId("spectrum").contains(event.target)) mark(null);
  });
  document.documentElement.addEventListener("pointerleave", () => sv.spectrometer && sv.spectrometer.figure && mark(null));
})();
