// What opens over the page on a phone: the menu of views, and the sheets of the bottom bar.
// A button names what it opens in aria-controls; on a wider screen that stands in the page anyway.
(function () {
  "use strict";
  const sv = (window.spectraVae = window.spectraVae || {});
  const OPENERS = ".view-menu, .bottom-bar button";
  const opened = () => document.querySelector("[data-opened]");
  const opener = (place) => [...document.querySelectorAll(OPENERS)].find((one) => one.getAttribute("aria-controls") === place.id);

  sv.closeSheet = function (back = false) {
    const place = opened();
    if (!place) return;
    place.removeAttribute("data-opened");
    const button = opener(place);
    if (!button) return;
    button.setAttribute("aria-expanded", "false");
    if (back) button.focus();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest(OPENERS), before = opened();
    if (before && !before.contains(event.target)) sv.closeSheet();
    const place = button && document.getElementById(button.getAttribute("aria-controls"));
    if (!place || place === before) return;
    place.setAttribute("data-opened", "");
    button.setAttribute("aria-expanded", "true");
  });
  document.addEventListener("keydown", (event) => event.key === "Escape" && sv.closeSheet(true));
})();
