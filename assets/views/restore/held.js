// What Restore holds: files with their answers, and those that wait to be sent. Their contents stay
// in this page; the server is sent each once, and knows it by its digest then.

export const IDENTIFY = "?"; // in a model's place: what it is comes first

export const held = {
  /** @type {any[]} */
  entries: [], // what the strip and the table tell of each file, in order
  /** @type {Map<string, any>} */
  contents: new Map(), // key → { name, model, content | example, column, digest, wish }
  /** @type {string[]} */
  waiting: [],
  /** @type {string | null} */
  asked: null, // the one that the server has
  timer: 0,
  /** @type {string | null} */
  chosen: null,
  show: "spectrum",
  single: false,
  count: 0,
  /** @type {number | null} */
  resolution: null, // the instrument's, cm⁻¹; null: the table's
  model: IDENTIFY, // by which files are restored
  way: "phases", // what is shown of a file of one mineral
  /** @type {Map<string, string>} */
  answers: new Map(), // columns of a question → the answer that holds for all such files
  /** @type {any} */
  gone: null, // what was removed in the last seconds
};

/** @param {string | null} key @returns {any} */
export const entry = (key) => held.entries.find((one) => one.key === key);
/** @param {string} key @param {any} what */
export const change = (key, what) => {
  const clean = { key, name: held.contents.get(key).name, columns: entry(key)?.columns };
  held.entries = held.entries.map((one) => (one.key === key ? { ...clean, ...what } : one));
};

/** Those that are done, the chosen one first. */
function done() {
  const keys = held.entries.filter((one) => one.state === "done").map((one) => one.key);
  return keys.sort((a, b) => +(b === held.chosen) - +(a === held.chosen));
}

/** All that are done are asked for again; they stay in sight meanwhile. */
export function redo() {
  held.waiting = [...new Set([...done(), ...(held.asked === null ? [] : [held.asked]), ...held.waiting])];
}

/** Files that can be taken elsewhere, the chosen one first. @returns {any[]} */
export const loadedFiles = () => done().map((key) => held.contents.get(key));
