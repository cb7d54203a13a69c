// The restoration that is shown: a picture of it as a file, and its entry in the strip of files.

import { byId } from "../../lib/page.js";
import { plainWords, savePicture } from "../../lib/picture.js";

const words = (selector) => [...document.querySelectorAll(selector)].map(plainWords).join(", ");

// A line of the estimates: the interval in brackets.
const estimate = (line) =>
  [...line.children].map((part) => (part.className === "interval" ? `(${plainWords(part)})` : plainWords(part))).join(" ");

/** @param {string} name of the file that was restored */
export function savedPicture(name) {
  const figure = document.querySelector("#restored .js-plotly-plot");
  const numbers = [...document.querySelectorAll("#estimates .estimate > .line")].map(estimate);
  const lines = [words("#read-as"), `${words("#estimates h2")}, ${words("#estimates .card-head .caption")}: ${numbers.join(", ")}`];
  return savePicture(name.replace(/\.[^.]*$/, "") + ".restored.png", figure, figure.clientWidth, figure.clientHeight,
    `${name}: ${words("#files .chosen .tag")}`, lines);
}

/** The chosen file is in sight, without moving the page. */
export function follow() {
  const strip = byId("files"), at = strip.querySelector(".chosen");
  if (at && (at.offsetTop < strip.scrollTop || at.offsetTop + at.offsetHeight > strip.scrollTop + strip.clientHeight))
    strip.scrollTop = at.offsetTop;
}
