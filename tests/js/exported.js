// Prints, as JSON, what Dash may call: the functions of each namespace, a view's name or "shell".

import "./dom.js";
import { readdirSync } from "node:fs";

const views = new URL("../../assets/views/", import.meta.url);
const files = readdirSync(views).filter((name) => name.endsWith(".js"));
const modules = [["shell", "../../assets/lib/shell.js"], ...files.map((name) => [name.slice(0, -3), new URL(name, views).href])];
const functions = ({ clientside = {} }) => Object.keys(clientside).filter((key) => typeof clientside[key] === "function");
const all = await Promise.all(modules.map(async ([name, path]) => [name, functions(await import(path))]));
process.stdout.write(JSON.stringify(Object.fromEntries(all)));
