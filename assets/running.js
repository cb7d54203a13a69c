// How many trainings run, beside the name of their view: whoever started them, from whichever page.
(function () {
  "use strict";
  const sv = (window.spectraVae = window.spectraVae || {});
  const texts = JSON.parse(document.getElementById("texts").textContent);
  const EVERY = 5000; // ms, while one runs or may have been started here
  let timer = 0;

  sv.lookAtQueue = async function () {
    clearTimeout(timer);
    let running = 0;
    try {
      running = (await (await fetch("/running")).json()).running;
    } catch (error) {
      // the server is away: other callbacks say so
    }
    const badge = document.getElementById("running-now");
    badge.hidden = !running;
    badge.textContent = texts.running_now.replace("{count}", running);
    const trains = location.pathname === "/training" || document.getElementById("view-training").childElementCount > 0;
    clearTimeout(timer);
    if (running || trains) timer = setTimeout(sv.lookAtQueue, EVERY);
  };
})();
