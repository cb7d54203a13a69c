// The restoration that is shown: a picture of it as a file, and its entry in the strip of files.

import { byId } from "../../lib/page.js";
import { plainWords, savePicture, saveVector } from "../../lib/picture.js";

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

/** What a file is, as a picture or as a drawing. @param {string} name @param {string} kind "picture" or "vector" */
export function savedIdentification(name, kind) {
  const figure = document.querySelector("#identified .js-plotly-plot"), stem = name.replace(/\.[^.]*$/, "") + ".identified";
  const shares = [...document.querySelectorAll("#phases-card .phase")].map(plainWords).join("; ");
  const lines = [words("#why-not"), words("#identified-read"), shares && `${words("#phases-card .card-head")}: ${shares}`];
  const head = `${name}: ${words("#verdict")}`;
  const save = kind === "vector" ? saveVector : savePicture;
  return save(`${stem}.${kind === "vector" ? "svg" : "png"}`, figure, figure.clientWidth, figure.clientHeight, head, lines);
}

/** The chosen file is in sight, without moving the page. */
export function follow() {
  const strip = byId("files"), at = strip.querySelector(".chosen");
  if (at && (at.offsetTop < strip.scrollTop || at.offsetTop + at.offsetHeight > strip.scrollTop + strip.clientHeight))
    strip.scrollTop = at.offsetTop;
}
