// Where a link wants the tour to begin: ?step=3&with=2&at=-1.5, each checked.

/** @param {number} value @param {number} most */
const whole = (value, most) => Number.isInteger(value) && value >= 1 && value <= most;

/**
 * Takes what the link asks for out of the query; what is wrong there stays at its default.
 *
 * @param {URLSearchParams} query
 * @param {{ variants: unknown[] }[]} steps
 * @returns {{ index: number, variant: number, value: number, right: boolean }} a `value` of NaN is the slider's start
 */
export function readLink(query, steps) {
  const number = (/** @type {string} */ name) => {
    const text = query.get(name);
    query.delete(name);
    return text === null ? null : /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  };
  const [step, chosen, at] = ["step", "with", "at"].map(number);
  const known = whole(step, steps.length), index = known ? step - 1 : 0;
  const there = whole(chosen, steps[index].variants.length);
  const right = (known || step === null) && (there || chosen === null) && !Number.isNaN(at);
  return { index, variant: there ? chosen - 1 : 0, value: at ?? NaN, right };
}
