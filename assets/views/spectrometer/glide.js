// From one code to another in a moment, eased at both ends; at once where motion isn't wanted.

/**
 * @param {Float64Array} z changed in place @param {ArrayLike<number>} target @param {number} time ms
 * @param {() => void} drawn after each step @param {() => void} done
 * @returns {() => void} stops it where it is
 */
export function glide(z, target, time, drawn, done) {
  const from = Array.from(z), start = performance.now();
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let stopped = false;
  const step = () => {
    if (stopped) return;
    const u = still ? 1 : Math.min((performance.now() - start) / time, 1), ease = u * u * (3 - 2 * u);
    for (let j = 0; j < z.length; j++) z[j] = from[j] + ease * (target[j] - from[j]);
    drawn();
    if (u < 1) requestAnimationFrame(step);
    else done();
  };
  step();
  return () => {
    stopped = true;
  };
}
