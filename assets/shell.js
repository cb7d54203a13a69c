// The shell: which view is shown, theme, language, the address, quiet notices.
(function () {
  "use strict";
  const sv = (window.spectraVae = window.spectraVae || {});
  const texts = JSON.parse(document.getElementById("texts").textContent);
  sv.views = JSON.parse(document.getElementById("views").textContent);
  const root = document.documentElement;
  const cookie = (name, value) =>
    (document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`);
  const read = (name) => (document.cookie.match(new RegExp(`(?:^|; )${name}=([^;]*)`)) || [])[1];

  // ---- theme: the system's until chosen

  const system = matchMedia("(prefers-color-scheme: dark)"), phone = matchMedia("(max-width: 640px)");
  cookie("projected", 0); // a page begins as it is
  function applyTheme() {
    const chosen = localStorage.getItem("theme");
    const theme = chosen || (system.matches ? "dark" : "light");
    if (read("theme") !== theme) cookie("theme", theme);
    cookie("narrow", +phone.matches); // the server's figures have fewer labels on a phone
    root.dataset.bsTheme = theme;
    if (sv.repaint) sv.repaint();
    if (sv.redraw) sv.redraw();
  }
  applyTheme();
  system.addEventListener("change", applyTheme);
  phone.addEventListener("change", applyTheme);

  // ---- address: path is the view, the query its state

  const query = new URLSearchParams(location.search);
  sv.query = query;
  const asked = query.get("lang");
  if (asked && ["en", "it"].includes(asked) && read("language") !== asked) {
    cookie("language", asked);
    location.reload();
  } else if (asked && !["en", "it"].includes(asked)) setTimeout(() => sv.unknownWord("lang", asked));
  sv.spectrometer = sv.spectrometer || {};
  const wanted = { model: query.get("model"), z: query.get("z") };
  sv.home = location.pathname === "/"; // another view's link asks this one for nothing
  sv.wanted = sv.home && (wanted.model || wanted.z) ? wanted : null;

  let view = "spectrometer", shown = false;
  const state = {};
  sv.remember = (name, values) => {
    state[name] = values;
    sv.writeAddress();
  };
  sv.writeAddress = () => {
    const own = view === "spectrometer" ? sv.spectrometer.address() : state[view] || {};
    const values = { ...own, ...sv.pressed(view) };
    const search = new URLSearchParams(values).toString().replace(/%2C/g, ",");
    history.replaceState(history.state, "", location.pathname + (search ? "?" + search : ""));
  };
  sv.go = (path) => {
    const link = document.querySelector(`header a.nav-view[href="${path}"]`);
    if (link) link.click();
  };

  // ---- views: the server makes one when it is first looked at

  const PATIENCE = 5000; // ms, then it is asked for again
  const waiting = {}, painted = {};
  const section = (name) => document.getElementById("view-" + name);
  const isBuilt = (name) => !!section(name) && section(name).childElementCount > 0;
  const look = () => root.dataset.bsTheme + (phone.matches ? " narrow" : "") + (root.classList.contains("projected") ? " projected" : "");
  const set = (id, props) => window.dash_clientside.set_props(id, props);

  // Calls back when the view is there.
  sv.built = (name, then) => {
    if (isBuilt(name)) return then();
    if (waiting[name]) return waiting[name].push(then);
    waiting[name] = [then];
    const ask = () => set("build-" + name, { data: Date.now() });
    const again = setInterval(ask, PATIENCE);
    const { script } = sv.views.find((one) => one.name === name);
    new MutationObserver((_, watch) => {
      if (!isBuilt(name)) return;
      watch.disconnect();
      clearInterval(again);
      painted[name] = look();
      sv.nameInputs(section(name));
      for (const one of waiting[name]) one();
    }).observe(section(name), { childList: true });
    if (!script) return ask();
    import(script).then((module) => { // Dash calls its functions as soon as the view is there
      window.dash_clientside[name] = module.clientside || {};
      ask();
    });
  };
  sv.repaint = () => {
    if (view === "spectrometer" || !isBuilt(view) || painted[view] === look()) return;
    painted[view] = look();
    set(view + "-theme", { data: look() });
  };

  let quiet = 0;
  sv.notice = (text) => {
    const show = () => {
      const place = document.getElementById("notice");
      if (!place) return setTimeout(show, 100);
      set("notice", { children: text });
    };
    show();
  };

  sv.unknownWord = (name, given) =>
    sv.notice(texts.bad_word.replace("{name}", name).replace("{given}", () => given.slice(0, 40)));

  // Whoever says something there, it is gone after a while.
  const hush = () => set("notice", { children: "" });
  (function listen() {
    const place = document.getElementById("notice");
    if (!place) return setTimeout(listen, 200);
    new MutationObserver(() => {
      clearTimeout(quiet);
      if (place.textContent) quiet = setTimeout(hush, 12000);
    }).observe(place, { childList: true, subtree: true, characterData: true });
  })();

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    shell: {
      show: function (path) {
        const name = (path || "/").replace(/^\/|\/$/g, "") || "spectrometer";
        const known = !!document.getElementById("view-" + name);
        if (!known) sv.notice(texts.no_view);
        else if (shown && view !== name) hush(); // it was about the view that is left
        view = known ? name : "spectrometer";
        for (const section of document.querySelectorAll(".view"))
          section.hidden = section.id !== "view-" + view;
        for (const link of document.querySelectorAll("a.nav-view")) {
          const current = link.id === "nav-" + view || link.id === "nav-" + section(view).dataset.under;
          if (current) {
            link.setAttribute("aria-current", "page");
            link.parentElement.scrollLeft = link.offsetLeft - link.parentElement.offsetLeft - 8; // in sight on a narrow screen
          } else link.removeAttribute("aria-current");
        }
        sv.closeSheet();
        sv.lookAtQueue();
        document.getElementById("view-name").textContent = section(view).getAttribute("aria-label");
        document.title = `${section(view).getAttribute("aria-label")} · spectra-vae`;
        const returned = shown; // a link names the view alone; its state goes back into the address
        shown = true;
        if (view !== "spectrometer" && isBuilt(view)) set(view + "-shown", { data: Date.now() });
        sv.repaint();
        const now = view;
        sv.built(now, () => {
          if (view !== now) return; // on to another one meanwhile
          requestAnimationFrame(() => {
            window.dispatchEvent(new Event("resize"));
            if (sv.redraw) sv.redraw();
            if (returned) sv.writeAddress();
          });
          if (now === "training") set("training-tick", { disabled: false });
          if (now !== "spectrometer") sv.applyAddress(now);
        });
        if (view !== "training" && isBuilt("training")) set("training-tick", { disabled: true });
        document.getElementById("status").hidden = view !== "spectrometer";
        return "shows-" + view;
      },
    },
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.id === "close-notice") set("notice", { children: "" });
    else if (button.id === "theme-switch") {
      localStorage.setItem("theme", root.dataset.bsTheme === "dark" ? "light" : "dark");
      applyTheme();
    } else if (button.id === "language-switch") {
      if (sv.tooLarge() && !confirm(texts.forget_files)) return;
      sv.forget();
      cookie("language", root.lang === "it" ? "en" : "it");
      location.reload();
    } else if (button.id === "copy-link") {
      sv.writeAddress();
      const place = document.getElementById("copy-link-text"), before = texts.copy_link;
      const done = () => {
        place.textContent = texts.copied;
        button.classList.add("copied");
        setTimeout(() => ((place.textContent = before), button.classList.remove("copied")), 2000);
        if (["restore", "compare"].includes(view) && sv.holdsFiles()) sv.notice(texts.link_without_files);
      };
      (navigator.clipboard ? navigator.clipboard.writeText(location.href) : Promise.reject()).then(done, () => sv.notice(location.href));
    } else if (button.classList.contains("segment")) {
      for (const other of button.parentElement.querySelectorAll("button"))
        other.setAttribute("aria-pressed", String(other === button));
    }
  });

  // F: projection, for a lecture hall
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "f" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== "range") return;
    const on = root.classList.toggle("projected");
    cookie("projected", +on); // the server's figures grow too
    sv.repaint();
    if (sv.spectrometer.figure) sv.spectrometer.figure.projected = on;
    requestAnimationFrame(() => sv.redraw && sv.redraw());
  });
})();

// What the address says beside model and code: pressed buttons, and the example to open.
(function () {
  "use strict";
  const sv = window.spectraVae;
  const segments = Object.fromEntries(sv.views.map((one) => [one.name, one.buttons]));
  const press = (id) => {
    const button = document.getElementById(id);
    if (button && button.getAttribute("aria-pressed") !== "true") button.click();
  };
  sv.pressed = (view) => {
    const state = {};
    for (const group of segments[view] || []) {
      const [first, ...others] = document.querySelectorAll(`[data-group="${group}"]`);
      const chosen = others.find((b) => b.getAttribute("aria-pressed") === "true");
      if (first && chosen) state[group] = chosen.dataset.value;
    }
    const on = (id) => (document.getElementById(id) || document.body).getAttribute("aria-pressed") === "true";
    if (view === "spectrometer" && on("show-measured")) state.measured = "1";
    if (view === "spectrometer" && !on("show-reference")) state.reference = "0";
    return state;
  };
  // Once, when the view named in the address is there.
  sv.applyAddress = (view) => {
    const query = sv.query;
    if (view === "spectrometer" && !sv.home) return; // made behind another view
    for (const group of segments[view] || []) {
      const value = query.get(group);
      if (value && /^[a-z]+$/.test(value) && document.getElementById(`${group}-${value}`)) press(`${group}-${value}`);
      else if (value !== null) sv.unknownWord(group, value);
      query.delete(group);
    }
    if (view === "spectrometer" && query.get("measured") === "1") press("show-measured");
    if (view === "spectrometer" && query.get("reference") === "0") {
      const button = document.getElementById("show-reference");
      if (button && button.getAttribute("aria-pressed") === "true") button.click();
    }
    if (view === "neurons") sv.openNeurons();
    const model = ["neurons", "compare"].includes(view) && query.get("model");
    if (model) {
      const known = [...document.getElementById(view + "-model").options].map((o) => o.value);
      if (known.includes(model)) window.dash_clientside.set_props(view + "-model", { value: model });
      else sv.unknownWord("model", model);
      query.delete("model");
    }
    const run = view === "training" && query.get("run");
    if (run) {
      window.dash_clientside.set_props("watched", { data: run.slice(0, 100) });
      query.delete("run");
    }
    const example = ["restore", "compare"].includes(view) && query.get("example");
    const there = view === "restore" ? sv.bringFiles() : view === "compare" ? bringPair(example) : [];
    if (there.includes(example)) view === "restore" ? sv.remember(view, { example }) : sv.compare({ example });
    else if (example) {
      const named = (id) => id === `example-${example}` || id.includes(`"${example}"`);
      const button = [...document.querySelectorAll(`#${view}-empty button`)].find((b) => named(b.id));
      if (button) button.click();
      else sv.unknownWord("example", example);
    }
    if (example) query.delete("example");
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest('#view-training button[id*=\'"type":"do"\']');
    if (!button) return;
    const { what, run } = JSON.parse(button.id), words = button.dataset.asked;
    if (words) window.dash_clientside.set_props(JSON.parse(button.id), { disabled: true, children: words });
    window.dash_clientside.set_props("run-action", { data: { what, run, at: Date.now() } });
  });
  // Compare's two files, once; a page made again has them back, from an example or a person's own.
  let held = null;
  sv.hold = (files) => ((held = files), window.dash_clientside.no_update);
  const boxes = () => ["a", "b"].map((side) => document.getElementById("compare-resolution-" + side));
  const dropped = {}; // side → { contents, filename }: the server may forget what it was sent
  const own = () => Object.fromEntries(Object.entries(dropped).filter(([side, one]) => ((held || {})[side] || {}).name === one.filename));
  sv.keep("compare", () => Object.values(own()).map(({ contents }) => ({ content: contents })), () => {
    if (held === null) return sv.kept("compare");
    return Object.keys(held).length && { files: held, dropped: own(), example: compared.example, typed: boxes().map((box) => box.value) };
  });
  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    compare: {
      drop(a, b, nameA, nameB) {
        const nothing = window.dash_clientside.no_update;
        if (!a && !b) return [nothing, nothing, nothing];
        const given = { ...(a && { a: { contents: a, filename: nameA } }), ...(b && { b: { contents: b, filename: nameB } }) };
        Object.assign(dropped, given);
        return [null, null, { ...given, at: Date.now() }];
      },
      sendAgain(gone, files) {
        const { side } = gone, name = files[side].name;
        if (own()[side]) window.dash_clientside.set_props("compare-dropped", { data: { [side]: dropped[side], at: Date.now() } });
        else {
          sv.notice(JSON.parse(document.getElementById("texts").textContent).file_gone.replace("{name}", () => name));
          window.dash_clientside.set_props("compare-files", { data: { ...files, [side]: undefined } });
        }
        return window.dash_clientside.no_update;
      },
    },
  });
  function bringPair(example) {
    const before = held === null && sv.kept("compare");
    if (!before || (example && before.example !== example)) return [];
    boxes().forEach((box, k) => before.typed[k] && window.dash_clientside.set_props(box.id, { value: before.typed[k] }));
    Object.assign(dropped, before.dropped);
    window.dash_clientside.set_props("compare-files", { data: before.files });
    return [before.example];
  }

  const compared = {};
  sv.compare = (values) => {
    Object.assign(compared, values);
    sv.remember("compare", Object.fromEntries(Object.entries(compared).filter(([, v]) => v)));
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("#restore-empty button");
    const pair = event.target.closest("#compare-empty button");
    if (button) sv.remember("restore", { example: button.id.slice("example-".length) });
    else if (pair) sv.compare({ example: JSON.parse(pair.id).name });
    else if (event.target.closest("#compare-a, #compare-b")) sv.compare({ example: null });
    else if (event.target.closest("#upload")) sv.remember("restore", {});
    else if (event.target.closest(".segment, .toggle")) setTimeout(sv.writeAddress);
  });
})();
