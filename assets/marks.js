// A band under the pointer is marked in the figure and in the table's column, whichever it is in.
(function () {
  "use strict";
  const sv = (window.spectraVae = window.spectraVae || {});
  const byId = (id) => document.getElementById(id);
  const shown = () => sv.spectrometer && sv.spectrometer.figure;
  let listening = null;

  function mark(position) {
    if (position === shown().marked) return;
    shown().mark(position);
    paint();
  }
  function paint() {
    const figure = shown();
    for (const cell of document.querySelectorAll("#bands [data-band]"))
      cell.classList.toggle("marked", figure.marked !== null && figure.bandAt(+cell.dataset.band) === figure.marked);
  }

  document.addEventListener("pointerover", (event) => {
    const figure = shown();
    if (!figure || !event.target.closest) return;
    if (listening !== figure.element && figure.element.on) { // Plotly knows best which point it is
      listening = figure.element;
      listening.on("plotly_hover", ({ points }) => mark(figure.bandAt(points[0].x)));
      listening.on("plotly_unhover", () => mark(null));
      new MutationObserver(paint).observe(byId("bands"), { childList: true }); // a new table
    }
    const cell = event.target.closest("#bands [data-band]");
    if (cell) mark(figure.bandAt(+cell.dataset.band));
    else if (!byId("spectrum").contains(event.target)) mark(null);
  });
  document.documentElement.addEventListener("pointerleave", () => shown() && mark(null));
})();
