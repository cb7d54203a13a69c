// Dash's store, made quicker. Dash changes it once for every component that it draws and looks at
// every component after every change: a view of 700 components costs half a million looks. Unless
// the layout itself changed, the components hear of all changes of a turn at once, at its end.

/** The store's `subscribe`, whose listeners hear at once of a new layout, as what a hand chooses
 * must be drawn before the hand's event ends, and of anything else once a turn.
 * @param {{subscribe: (listener: () => void) => () => void, getState: () => {layout: unknown}}} store */
export function patient({ subscribe, getState }) {
  return (listener) => {
    let waiting = false, heard = true, layout = getState().layout;
    const leave = subscribe(() => {
      const before = layout;
      layout = getState().layout;
      if (layout !== before) return listener();
      if (!waiting) queueMicrotask(later);
      waiting = true;
    });
    function later() {
      waiting = false;
      if (heard) listener();
    }
    return () => {
      heard = false;
      leave();
    };
  };
}

/** Makes those patient that subscribe from outside, that is what draws; Dash's own callbacks
 * subscribed when the store was made. Dash leaves it at `page.store`. @param {Window} page */
export function quicken(page) {
  Object.defineProperty(page, "store", {
    configurable: true,
    set(store) {
      store.subscribe = patient(store);
      Object.defineProperty(page, "store", { value: store, configurable: true, writable: true });
    },
  });
}
