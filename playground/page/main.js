// Where the page begins: the language, the people, the phones.

import { fill, h } from "./dom.js";
import { prefs } from "./prefs.js";
import { Shell } from "./shell.js";
import { Store } from "./store.js";
import { setLanguage, t } from "./words.js";

const root = document.getElementById("app");

async function begin() {
  setLanguage(prefs.language);
  const store = new Store();
  try {
    await store.start();
  } catch (error) {
    fill(
      root,
      h(
        "div",
        { class: "no-server", role: "alert" },
        h("p", {}, t("noServer")),
        h("p", { class: "quiet" }, error.message),
        h("button", { type: "button", class: "button primary", on: { click: begin } }, t("retry")),
      ),
    );
    return;
  }
  new Shell(store, root);
}

begin();
