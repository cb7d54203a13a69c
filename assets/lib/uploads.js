// Files from the person: too much at once is refused here, in words, since Dash drops a large file
// in silence; the server's own limit speaks for itself.

import { notice, t } from "./page.js";

const LIMIT = 20e6, PAGE = 200e6; // bytes: a file or a request; what a page keeps that sends one at a time
const ONE_AT_A_TIME = "#upload";
const UPLOADS = "#upload, #pseudo-upload, #score-upload, #compare-a, #compare-b, #draft-upload, #minerals-import";

/** @param {Event} event a drop, or a choice in the file dialog */
function weigh(event) {
  const { target } = event;
  if (!target.closest?.(UPLOADS)) return;
  const given = [...((event instanceof DragEvent ? event.dataTransfer.files : target.files) || [])];
  const large = given.find((file) => file.size > LIMIT);
  if (large) notice(t("too_big", { name: large.name.slice(0, 80) }));
  const most = target.closest(ONE_AT_A_TIME) ? PAGE : LIMIT;
  const together = given.filter((file) => file.size <= LIMIT).reduce((sum, file) => sum + file.size, 0);
  if (together <= most) return;
  notice(t("too_much", { limit: most / 1e6 }));
  event.preventDefault();
  event.stopImmediatePropagation();
  if (event.type === "change") target.value = "";
}
document.addEventListener("change", weigh, true);
document.addEventListener("drop", weigh, true);

const ask = window.fetch;
window.fetch = async (...what) => {
  const answer = await ask(...what);
  if (answer.status === 413) notice(await answer.clone().text());
  return answer;
};

/** The content of a file as Dash hands it over: base64, without its head. @param {string} data */
export const contentOf = (data) => data.slice(data.indexOf(",") + 1);

/** A file as it is sent: one that the server knows goes without its content. @param {any} file */
export const toSend = ({ content, digest, ...file }) =>
  digest ? { ...file, digest } : content === undefined ? file : { ...file, content };

const named = new WeakSet();

/** The hidden inputs that Dash makes have no names of their own, and come a little later. @param {Element} place */
export function nameInputs(place) {
  if (named.has(place)) return;
  named.add(place);
  const name = () => {
    for (const input of place.querySelectorAll("input[type=file]:not([aria-label])"))
      input.setAttribute("aria-label", input.closest("[id]").textContent);
  };
  name();
  new MutationObserver(name).observe(place, { childList: true, subtree: true });
}
