// Files may be dropped anywhere on the Restore view; the upload takes them from there.
(function () {
  "use strict";
  const sv = (window.spectraVae = window.spectraVae || {});
  // The hidden inputs that Dash makes have no names of their own, and come a little later.
  sv.nameInputs = function (place, times = 50) {
    for (const input of place.querySelectorAll("input[type=file]:not([aria-label])"))
      input.setAttribute("aria-label", input.closest("[id]").textContent);
    if (times) setTimeout(() => sv.nameInputs(place, times - 1), 200);
  };

  const view = () => document.getElementById("view-restore");
  const over = (on) => view() && view().classList.toggle("dropping", on);
  const wanted = (event) => view() && !view().hidden && [...event.dataTransfer.types].includes("Files");
  function give(held) {
    const input = document.querySelector("#upload input[type=file]");
    if (!input) return setTimeout(() => give(held), 100); // a little later than the view
    input.files = held.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
  document.addEventListener("dragover", (event) => {
    if (!wanted(event)) return;
    event.preventDefault();
    over(true);
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget || over(false));
  document.addEventListener("drop", (event) => {
    over(false);
    if (!wanted(event) || event.target.closest("#upload")) return;
    event.preventDefault();
    const held = new DataTransfer(); // the event's own is empty once it is over
    for (const file of event.dataTransfer.files) held.items.add(file);
    sv.built("restore", () => give(held));
  });
})();

// Too much at once is refused here, in words: Dash drops a large file in silence.
(function () {
  "use strict";
  const sv = window.spectraVae;
  const texts = JSON.parse(document.getElementById("texts").textContent);
  const LIMIT = 20e6, PAGE = 200e6; // bytes: a file or a request; what Restore keeps in the page
  function weigh(event) {
    if (!event.target.closest || !event.target.closest("#upload, #pseudo-upload, #score-upload, #compare-a, #compare-b")) return;
    const given = event.type === "drop" ? event.dataTransfer.files : event.target.files;
    const fit = [...(given || [])].filter((file) => file.size <= LIMIT);
    const large = [...(given || [])].find((file) => file.size > LIMIT);
    if (large) sv.notice(texts.too_big.replace("{name}", () => large.name.slice(0, 80)));
    const most = event.target.closest("#upload") ? PAGE : LIMIT; // Restore sends one at a time
    if (fit.reduce((sum, file) => sum + file.size, 0) <= most) return;
    sv.notice(texts.too_much.replace("{limit}", most / 1e6));
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.type === "change") event.target.value = "";
  }
  document.addEventListener("change", weigh, true);
  document.addEventListener("drop", weigh, true);
  // The server's own limit speaks for itself.
  const ask = window.fetch;
  window.fetch = async (...what) => {
    const answer = await ask(...what);
    if (answer.status === 413) sv.notice(await answer.clone().text());
    return answer;
  };
})();
