// One slow pass of a slider when its step is opened, so that a hall sees the effect before a hand
// is on it. None where somebody asked for less motion; it ends at once when a hand comes.

const WHOLE = 5200; // ms from end to end and back
const PAUSE = 700; // ms before it begins
const BEATS = 8; // places a pass stops at where the server draws each

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const ease = (/** @type {number} */ t) => (t < 0.5 ? 2 * t * t : 1 - 2 * (1 - t) ** 2);

/** Where the slider stands at a share of the pass: to the low end, to the high one, home.
 * @param {{low: number, high: number, start: number}} slider @param {number} share 0 to 1 */
export function placeAt({ low, high, start }, share) {
  const stops = [start, low, high, start].filter((stop, k, all) => !k || stop !== all[k - 1]);
  const lengths = stops.slice(1).map((stop, k) => Math.abs(stop - stops[k]));
  let left = Math.min(Math.max(share, 0), 1) * lengths.reduce((a, b) => a + b, 0);
  for (let k = 0; k < lengths.length; k++) {
    if (left <= lengths[k]) return stops[k] + ease(left / lengths[k]) * (stops[k + 1] - stops[k]);
    left -= lengths[k];
  }
  return start;
}

export class Pass {
  /** @type {{slider: any, move: (to: number) => void, done: () => void} | null} */
  going = null;

  /** @param {any} slider @param {{served: boolean, move: (to: number) => void, done: () => void}} given */
  start(slider, { served, move, done }) {
    this.cancel();
    if (still()) return;
    const own = { slider, move, done };
    this.going = own;
    const { low, high, by } = slider;
    const whole = served ? WHOLE * 1.6 : WHOLE;
    const beat = served ? Math.max(by, (high - low) / BEATS) : by;
    const began = performance.now() + PAUSE;
    let last = slider.start;
    const tick = (/** @type {number} */ now) => {
      if (this.going !== own) return;
      const share = (now - began) / whole;
      if (share >= 1) return this.end();
      const to = placeAt(slider, share), place = beat ? low + Math.round((to - low) / beat) * beat : to;
      if (share > 0 && place !== last) {
        last = Math.min(place, high);
        move(last);
      }
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  /** The way home is over. */
  end() {
    const { slider, move, done } = this.going;
    this.going = null;
    move(slider.start);
    done();
  }

  /** A hand is on it: it stays where it is. */
  stop() {
    if (!this.going) return;
    const { done } = this.going;
    this.going = null;
    done();
  }

  /** Another step is looked at. */
  cancel() {
    this.going = null;
  }
}
