// A file that another view hands to New mineral, until that is shown.

/** @typedef {{name: string, digest: string, content?: string, column?: string, resolution: number | null, baseline: string}} Handed */
/** @type {Handed | null} */
let waiting = null;

/** @param {Handed} file */
export function hand(file) {
  waiting = file;
}

/** What was handed over, once. */
export function handed() {
  const file = waiting;
  waiting = null;
  return file;
}
