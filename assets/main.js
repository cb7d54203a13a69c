// The page's scripts begin here: the shell and the spectrometer, which every page has. Dash is
// started after this module, so whatever it calls is there; other views' scripts come with them.

import * as shell from "./lib/shell.js";
import { register } from "./lib/views.js";
import * as spectrometer from "./views/spectrometer.js";

register("shell", shell);
register("spectrometer", spectrometer);
shell.begin();
