// The page's scripts begin here: the shell, and the first view's script, which the server names.
// Dash is started when they are there (`ready`), so whatever it calls of them is; other views'
// scripts come with their views.

import * as shell from "./lib/shell.js";
import { quicken } from "./lib/store.js";
import { first, load, register } from "./lib/views.js";

quicken(window);
register("shell", shell);
shell.begin();
export const ready = load(first.name);
