// The views and their scripts: which one is shown, how one comes into the page. The server makes
// a view when it is first looked at, and its script assets/views/NAME.js comes just before.

import { byId, set } from "./page.js";

/**
 * What a view's script exports.
 * @typedef {object} View
 * @property {Record<string, any>} [clientside] what Dash calls of it, as ClientsideFunction(NAME, …)
 * @property {() => void} [opened] it is shown: what the address asks for, and what else is due
 * @property {() => void} [left] another view is shown
 * @property {() => void} [redraw] its figures have another room or other colours
 * @property {(chosen: Record<string, string>) => Record<string, any>} [address] its state, for the address, with the chosen buttons
 * @property {() => boolean} [holdsFiles] has it files of a person's own, which are in no link?
 */

const PATIENCE = 5000; // ms, then a view is asked for again
const root = document.documentElement;
export const phone = matchMedia("(max-width: 640px)");

/** @type {{name: string, path: string, script: string | null, buttons: string[]}[]} as the server tells them */
const views = JSON.parse(byId("known-views")?.textContent || "[]");
export const first = views.find((one) => one.path === "/") || { name: "", path: "/", script: null, buttons: [] };
/** The view of a path, if there is one. @param {string} path */
export const viewAt = (path) => views.find((one) => one.path === path)?.name;
/** Groups of buttons whose choice the address tells. @param {string} name */
export const buttonsOf = (name) => views.find((one) => one.name === name)?.buttons || [];

/** @type {Map<string, View>} */
const modules = new Map();
/** @type {Record<string, (() => void)[]>} */
const waiting = {};
/** @type {Record<string, string>} */
const painted = {};
let current = first.name;

/** A script's functions, in the one place where Dash looks for them. @param {string} name @param {View} module */
export function register(name, module) {
  modules.set(name, module);
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside[name] = module.clientside || {};
}

/** The script of a view, if it has one. @param {string} name */
export async function load(name) {
  const script = views.find((one) => one.name === name)?.script;
  if (!modules.has(name)) register(name, script ? await import(script) : {});
}

/** @param {string} name @returns {View} an empty one before its script is there */
export const moduleOf = (name) => modules.get(name) || {};
export const currentView = () => current;
/** @param {string} name */
export function setCurrentView(name) {
  current = name;
}

export const section = (/** @type {string} */ name) => byId("view-" + name);
export const isBuilt = (/** @type {string} */ name) => !!section(name)?.childElementCount;

/** As if its link in the header was followed, which not every view has. @param {string} path */
export function go(path) {
  const link = document.querySelector(`header a.nav-view[href="${path}"]`);
  if (link) link.click();
  else set("address", { pathname: path, search: "" });
}

export function redraw() {
  for (const module of modules.values()) module.redraw?.();
}

/** Calls back when the view is there. @param {string} name @param {() => void} then */
export async function built(name, then) {
  if (isBuilt(name) && modules.has(name)) return then();
  if (waiting[name]) return waiting[name].push(then);
  waiting[name] = [then];
  await load(name);
  await made(name);
  for (const one of waiting[name].splice(0)) one();
  delete waiting[name];
}

/** @param {string} name */
const made = (name) =>
  new Promise((resolve) => {
    if (isBuilt(name)) return resolve(name);
    const ask = () => set("build-" + name, { data: Date.now() });
    const again = setInterval(ask, PATIENCE);
    new MutationObserver((_, watch) => {
      if (!isBuilt(name)) return;
      watch.disconnect();
      clearInterval(again);
      painted[name] = look();
      resolve(name);
    }).observe(section(name), { childList: true });
    ask();
  });

// What the server's figures are drawn for.
const look = () =>
  root.dataset.bsTheme + (phone.matches ? " narrow" : "") + (root.classList.contains("projected") ? " projected" : "");

/** The server's figures of the view that is shown, in the page's colours and size. */
export function repaint() {
  if (!(current in painted) || painted[current] === look()) return;
  painted[current] = look();
  set(current + "-theme", { data: look() });
}
