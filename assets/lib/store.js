// Dash's store, made quicker. Dash changes it once for every component that it draws and looks at
// every component after every change: a view of 700 components costs half a million looks. Told of
// all changes of a turn at once, at its end, the components are looked at a few times.

/** `subscribe` whose listeners hear once of all that happens in a turn.
 * @param {(listener: () => void) => () => void} subscribe */
export function onceATurn(subscribe) {
  return (listener) => {
    let waiting = false, heard = true;
    const tell = () => {
      waiting = false;
      if (heard) listener();
    };
    const leave = subscribe(() => {
      if (!waiting) queueMicrotask(tell);
      waiting = true;
    });
    return () => {
      heard = false;
      leave();
    };
  };
}

/** Lets whoever subscribes to the store from outside, that is what draws, hear once a turn; Dash's
 * own callbacks subscribed when it was made. Dash leaves it at `page.store`. @param {Window} page */
export function quicken(page) {
  Object.defineProperty(page, "store", {
    configurable: true,
    set(store) {
      store.subscribe = onceATurn(store.subscribe);
      Object.defineProperty(page, "store", { value: store, configurable: true, writable: true });
    },
  });
}
