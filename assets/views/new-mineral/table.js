// The table of a draft: every number can be typed, every band has a group or goes.

import { append, t } from "../../lib/page.js";

const CELLS = ["position", "height", "width", "mixing"];

/**
 * @param {HTMLElement} place @param {any[]} rows changed in place @param {{key: string, label: string, hue: string}[]} groups
 * @param {{changed: () => void, removed: (k: number) => void}} hand
 */
export function buildTable(place, rows, groups, hand) {
  const table = document.createElement("table");
  table.className = "runs";
  const heads = append(append(table, "thead"), "tr");
  append(heads, "td");
  for (const name of [...CELLS, "group"]) append(heads, "th", { scope: "col", innerHTML: t(`draft_${name}`) });
  append(heads, "td");
  const body = append(table, "tbody");
  rows.forEach((row, k) => body.append(line(row, k, groups, hand)));
  place.replaceChildren(table);
}

function line(row, k, groups, hand) {
  const number = k + 1, of = groups.find((one) => one.key === row.group);
  const tr = Object.assign(document.createElement("tr"), { className: `hue-${of?.hue || "unexplained"}` });
  append(tr, "th", { scope: "row", textContent: String(number) });
  for (const name of CELLS) {
    const cell = append(tr, "td"), box = append(cell, "input", { type: "text", value: row[name], className: "form-control" });
    box.inputMode = "decimal";
    box.autocomplete = "off";
    box.setAttribute("aria-label", t("draft_cell", { name: t(`draft_${name}`).replace(/<[^>]*>/g, ""), number }));
    box.addEventListener("change", () => {
      row[name] = box.value;
      row.errors = { ...row.errors, [name]: "" };
      error.textContent = "";
      hand.changed();
    });
    const error = append(cell, "span", { className: "caption", textContent: row.errors?.[name] ? `± ${row.errors[name]}` : "" });
  }
  const choice = append(append(tr, "td"), "select", { className: "form-select" });
  choice.setAttribute("aria-label", t("draft_cell", { name: t("draft_group"), number }));
  for (const { key, label } of groups) append(choice, "option", { value: key, textContent: label, selected: key === row.group });
  choice.addEventListener("change", () => {
    row.group = choice.value;
    tr.className = `hue-${groups.find((one) => one.key === row.group)?.hue}`;
    hand.changed();
  });
  const remove = append(append(tr, "td"), "button", { className: "quiet small" });
  remove.setAttribute("aria-label", t("draft_without", { number }));
  append(remove, "i", { className: "icon icon-x-lg" });
  remove.addEventListener("click", () => hand.removed(k));
  return tr;
}
