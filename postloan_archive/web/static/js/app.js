// The one script of every page; each module looks after one habit and works alone.
import "./requests.js";
import "./theme.js";
import "./dialogs.js";
import "./keys.js";
import "./lists.js";
import "./upload.js";
import "./order.js";
import "./print.js";
