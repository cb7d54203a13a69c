// The shell: which view is shown, theme, language, projection, quiet notices.

import { query, writeAddress } from "./address.js";
import { byId, notice, pressedWord, set, t, texts, unknownWord } from "./page.js";
import { built, currentView, first, isBuilt, moduleOf, phone, redraw, repaint, section, setCurrentView, viewAt } from "./views.js";

const root = document.documentElement;
const cookie = (name, value) => (document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`);
const read = (name) => (document.cookie.match(new RegExp(`(?:^|; )${name}=([^;]*)`)) || [])[1];
const LANGUAGES = ["en", "it"];
const EVERY = 5000; // ms between looks at the queue, while a training runs or may have been started here
const NOTICE = 12000, COPIED = 2000; // ms that a notice, and the copied link's tick, stay

// ---- theme: the system's until chosen

const system = matchMedia("(prefers-color-scheme: dark)");

let here = ""; // where nothing can be stored, a choice holds as long as the page

/** The theme that was chosen; with a `word`, from now on. @param {string} [word] @returns {string | null} */
function chosenTheme(word) {
  if (word) here = word;
  try {
    if (word) localStorage.setItem("theme", word);
    return localStorage.getItem("theme") || here;
  } catch {
    return here; // switched off, or the page stands in another's
  }
}

function applyTheme() {
  const theme = chosenTheme() || (system.matches ? "dark" : "light");
  if (read("theme") !== theme) cookie("theme", theme);
  cookie("narrow", +phone.matches); // the server's figures have fewer labels on a phone
  root.dataset.bsTheme = theme;
  repaint();
  redraw();
}

function takeLanguage() {
  const asked = query.get("lang");
  if (!asked) return;
  if (!LANGUAGES.includes(asked)) return unknownWord("lang", asked);
  if (read("language") === asked) return;
  cookie("language", asked);
  location.reload();
}

// ---- which view is shown

let shown = false;

function show(path) {
  const name = viewAt((path || "/").replace(/(?<=.)\/$/, "")), view = name ?? first.name;
  if (!name) notice(texts.no_view);
  else if (shown && currentView() !== name) hush(); // it was about the view that is left
  if (currentView() !== view) moduleOf(currentView()).left?.();
  setCurrentView(view);
  for (const one of document.querySelectorAll(".view")) one.hidden = one !== section(view);
  const title = section(view).getAttribute("aria-label");
  markLink(section(view).dataset.under || view);
  closeSheet();
  if (shown || isBusy()) lookAtQueue();
  byId("view-name").textContent = title;
  document.title = `${title} · spectra-vae`;
  if (view !== first.name && isBuilt(view)) set(view + "-shown", { data: Date.now() });
  repaint();
  const returned = shown; // a link names the view alone; its state goes back into the address
  shown = true;
  built(view, () => view === currentView() && opened(view, returned)); // or on to another meanwhile
  byId("status").hidden = view !== first.name;
  return "shows-" + view;
}

function opened(view, returned) {
  requestAnimationFrame(() => {
    window.dispatchEvent(new Event("resize"));
    redraw();
    if (returned) writeAddress();
  });
  moduleOf(view).opened?.();
}

function markLink(view) {
  for (const link of document.querySelectorAll("a.nav-view")) {
    if (link.id !== "nav-" + view) {
      link.removeAttribute("aria-current");
      continue;
    }
    link.setAttribute("aria-current", "page");
    link.parentElement.scrollLeft = link.offsetLeft - link.parentElement.offsetLeft - 8; // in sight on a narrow screen
  }
}

// ---- how many trainings run, whoever started them, beside the name of their view

let queueTimer = 0;

async function lookAtQueue() {
  clearTimeout(queueTimer);
  let running = 0;
  try {
    running = (await (await fetch("/running")).json()).running;
  } catch {
    // the server is away: other callbacks say so
  }
  const badge = byId("running-now");
  badge.hidden = !running;
  badge.textContent = t("running_now", { count: running });
  clearTimeout(queueTimer);
  if (isBusy()) queueTimer = setTimeout(lookAtQueue, EVERY);
}

// Does a training run, or may one be started here?
const isBusy = () => !byId("running-now").hidden || location.pathname === "/training" || isBuilt("training");

// ---- on a phone: the menu of views and the sheets of the bottom bar. A button names what it opens.

const OPENERS = ".view-menu, .bottom-bar button";
const openedSheet = () => document.querySelector("[data-opened]");
const opener = (/** @type {Element} */ place) =>
  [...document.querySelectorAll(OPENERS)].find((one) => one.getAttribute("aria-controls") === place.id);

/** @param {boolean} back gives the focus to the button that opened it */
function closeSheet(back = false) {
  const place = openedSheet();
  if (!place) return;
  place.removeAttribute("data-opened");
  const button = opener(place);
  button?.setAttribute("aria-expanded", "false");
  if (back && button instanceof HTMLElement) button.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest(OPENERS), before = openedSheet();
  if (before && !before.contains(event.target)) closeSheet();
  const place = button && byId(button.getAttribute("aria-controls"));
  if (!place || place === before) return;
  place.setAttribute("data-opened", "");
  button.setAttribute("aria-expanded", "true");
});
document.addEventListener("keydown", (event) => event.key === "Escape" && closeSheet(true));

// ---- notices: whoever says something there, it is gone after a while

const hush = () => set("notice", { children: "" });

function watchNotice() {
  const place = byId("notice");
  if (!place) return setTimeout(watchNotice, 200);
  let timer = 0;
  new MutationObserver(() => {
    clearTimeout(timer);
    if (place.textContent) timer = setTimeout(hush, NOTICE);
  }).observe(place, { childList: true, subtree: true, characterData: true });
}

// ---- buttons and keys

// Whoever holds what a page made again would lose may object; kept.js does.
const mayLeave = () => dispatchEvent(new Event("leaving", { cancelable: true }));

async function copyLink(button) {
  writeAddress();
  try {
    await navigator.clipboard.writeText(location.href);
  } catch {
    return notice(location.href); // no clipboard here
  }
  byId("copy-link-text").textContent = texts.copied;
  button.classList.add("copied");
  setTimeout(() => {
    byId("copy-link-text").textContent = texts.copy_link;
    button.classList.remove("copied");
  }, COPIED);
  if (moduleOf(currentView()).holdsFiles?.()) notice(texts.link_without_files);
}

const actions = {
  "close-notice": hush,
  "copy-link": copyLink,
  "theme-switch"() {
    chosenTheme(root.dataset.bsTheme === "dark" ? "light" : "dark");
    applyTheme();
  },
  "language-switch"() {
    if (!mayLeave()) return;
    cookie("language", root.lang === "it" ? "en" : "it");
    location.reload();
  },
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  actions[button?.id]?.(button);
  if (button?.classList.contains("segment"))
    for (const other of button.parentElement.querySelectorAll("button"))
      other.setAttribute("aria-pressed", String(other === button));
  if (event.target.closest(".segment, .toggle")) setTimeout(writeAddress); // after the view has heard of it
});

// F: projection, for a lecture hall
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "f" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== "range") return;
  const on = root.classList.toggle("projected");
  cookie("projected", +on); // the server's figures grow too
  repaint();
  requestAnimationFrame(redraw);
});

/** Before Dash makes the page. */
export function begin() {
  cookie("projected", 0); // a page begins as it is
  applyTheme();
  for (const query of [system, phone]) query.addEventListener("change", applyTheme);
  takeLanguage();
  watchNotice();
}

export const clientside = { show, pressed: () => pressedWord() };
