// How many files there is room for; what is left out is said.

import { notice, t } from "../../lib/page.js";

const TOGETHER = 200e6; // bytes
const NAMED = 3; // of those that are left out

const size = (file) => (file.content || "").length * 0.75; // it is base64

/**
 * The files that fit beside those that are held already.
 * @param {any[]} files @param {any[]} held @param {number} slots that are free @param {number} most slots there are
 */
export function fitting(files, held, slots, most) {
  let room = TOGETHER - held.reduce((sum, file) => sum + size(file), 0);
  const left = [];
  const taken = files.filter((file, k) => {
    const fits = k < slots && size(file) <= room;
    if (fits) room -= size(file);
    else left.push(file.name.slice(0, 40));
    return fits;
  });
  if (left.length) {
    const more = left.length > NAMED ? ", " + t("restore_more", { count: left.length - NAMED }) : "";
    const names = left.slice(0, NAMED).join(", ") + more;
    notice(t(taken.length < slots ? "restore_together" : "restore_too_many", { most, names }));
  }
  return taken;
}
