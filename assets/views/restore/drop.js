// Files may be dropped anywhere on the Restore view; the upload takes them from there.

import { byId } from "../../lib/page.js";

const view = () => byId("view-restore");
const over = (on) => view().classList.toggle("dropping", on);
const wanted = (event) => !view().hidden && [...event.dataTransfer.types].includes("Files");

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
  give(held);
});
