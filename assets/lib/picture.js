// A figure as a file: what is on the screen, in the page's own letters and on its own ground,
// with the settings that made it underneath.

import { color } from "./page.js";

const SCALE = 2, PAD = 16, SIZE = 12, LINE = 18, HEAD = 22; // px of the page; SCALE of the file for one of them

/** @param {string} name @param {Blob} blob */
export function saveBlob(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// A picture can't ask for a font, so it brings its own.
/** @type {Promise<string> | null} */
let letters = null;

async function readFont() {
  const blob = await (await fetch("/vendor/inter.woff")).blob();
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^data:[^;]*/, "data:font/woff"));
    reader.readAsDataURL(blob);
  });
}

function font() {
  letters ||= readFont();
  return letters;
}

/** The figure as a document of its own. */
async function drawing(figure, width, height) {
  const url = await window.Plotly.toImage({ data: figure.data, layout: { ...figure.layout, width, height } }, { format: "svg", width, height });
  const face = `<style>@font-face { font-family: Inter; font-weight: 100 900; src: url(${await font()}) }</style>`;
  return decodeURIComponent(url.slice(url.indexOf(",") + 1)).replace(/(<svg[^>]*>)/, `$1${face}`);
}

async function drawn(figure, width, height) {
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([await drawing(figure, width, height)], { type: "image/svg+xml" }));
  await image.decode();
  return image;
}

/** The words of an element on one line: exponents and indices as characters, parts apart. @param {Element} element */
export function plainWords(element) {
  /** @type {any} */
  const copy = element.cloneNode(true);
  const raised = { "−1": "⁻¹", 3: "³", 10: "¹⁰" }, lowered = { 1: "₁", 2: "₂", 3: "₃", 4: "₄", 10: "₁₀" };
  for (const [tag, marks] of [["sup", raised], ["sub", lowered]])
    for (const one of copy.querySelectorAll(tag)) one.replaceWith(marks[one.textContent] || one.textContent);
  copy.normalize();
  const texts = [], walk = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) texts.push(walk.currentNode.textContent.trim());
  return texts.filter(Boolean).join(" ").replace(/ ([,.;:])/g, "$1");
}

function wrapped(context, text, width) {
  const lines = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line ? `${line} ${word}` : word;
    const full = line && context.measureText(longer).width > width;
    if (full) lines.push(line);
    line = full ? word : longer;
  }
  return [...lines, line];
}

/**
 * @param {string} name of the file @param {{data: any, layout: any}} figure @param {number} width px @param {number} height px
 * @param {string} head words over it @param {(string | false)[]} lines words under it
 */
export async function savePicture(name, figure, width, height, head, lines) {
  const image = await drawn(figure, width, height), canvas = document.createElement("canvas");
  const face = (weight, size) => `${weight} ${size}px Inter, system-ui, sans-serif`;
  await document.fonts.load(face(600, 16));
  let context = canvas.getContext("2d");
  context.font = face(400, SIZE);
  const words = lines.filter(Boolean).flatMap((text) => wrapped(context, text, width - PAD));
  context.font = face(600, 16);
  const heads = wrapped(context, head, width - PAD), top = (heads.length - 1) * HEAD;
  canvas.width = SCALE * (width + 2 * PAD);
  canvas.height = SCALE * (top + height + words.length * LINE + 4 * PAD);
  context = canvas.getContext("2d");
  context.scale(SCALE, SCALE);
  context.fillStyle = color("surface");
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = color("ink");
  context.font = face(600, 16);
  heads.forEach((text, k) => context.fillText(text, PAD, PAD + 13 + k * HEAD));
  context.drawImage(image, PAD, top + 2 * PAD, width, height);
  URL.revokeObjectURL(image.src);
  context.fillStyle = color("ink-3");
  context.font = face(400, SIZE);
  words.forEach((text, k) => context.fillText(text, PAD, top + height + 3 * PAD + (k + 0.5) * LINE));
  saveBlob(name, await new Promise((resolve) => canvas.toBlob(resolve, "image/png")));
}

const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

/**
 * The same as a drawing: SVG, whose words stay words.
 * @param {string} name of the file @param {{data: any, layout: any}} figure @param {number} width px @param {number} height px
 * @param {string} head words over it @param {(string | false)[]} lines words under it
 */
export async function saveVector(name, figure, width, height, head, lines) {
  const inner = (await drawing(figure, width, height)).replace(/^<svg /, `<svg x="${PAD}" y="${2 * PAD + HEAD}" `);
  const context = document.createElement("canvas").getContext("2d");
  context.font = `400 ${SIZE}px Inter, system-ui, sans-serif`;
  const words = lines.filter(Boolean).flatMap((text) => wrapped(context, text, width - PAD));
  const tall = HEAD + height + words.length * LINE + 5 * PAD, wide = width + 2 * PAD;
  const row = (text, y, size, weight, hue) =>
    `<text x="${PAD}" y="${y}" font-family="Inter, system-ui, sans-serif" font-size="${size}" font-weight="${weight}" fill="${color(hue)}">${escaped(text)}</text>`;
  const under = words.map((text, k) => row(text, HEAD + height + 3 * PAD + (k + 1) * LINE, SIZE, 400, "ink-3")).join("");
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${wide}" height="${tall}" viewBox="0 0 ${wide} ${tall}">` +
    `<rect width="100%" height="100%" fill="${color("surface")}"/>${row(head, PAD + 13, 16, 600, "ink")}${inner}${under}</svg>`;
  saveBlob(name, new Blob([svg], { type: "image/svg+xml" }));
}
