// Where the page begins: three panes that are kept fresh while it is looked at.

import { api } from "./api.js";
import { button, choice, fill, h, say } from "./dom.js";
import { OrderPane } from "./order.js";
import { Orders } from "./orders.js";
import { Settings } from "./settings.js";
import { Calls, Faults, Pushes } from "./side.js";
import { t, turnLanguage } from "./words.js";

const EVERY_MS = 1000;
const root = document.getElementById("app");

class Desk {
  constructor(before) {
    this.platform = before?.platform ?? "";
    this.chosen = before?.chosen ?? "";
    this.shops = before?.shops ?? [];
    this.orders = new Orders(this);
    this.order = new OrderPane(this);
    this.tabs = {
      pushes: new Pushes(),
      faults: new Faults(),
      calls: new Calls(),
      settings: new Settings(this),
    };
    this.tab = before?.tab ?? "pushes";
    this.side = h("div", {});
    this.bar = h("div", { class: "tabs", role: "tablist" });
    const side = h("aside", { class: "pane card stack" }, this.bar, this.side);
    fill(root, this.top(), this.orders.node, this.order.node, side);
    this.show(this.tab);
  }

  top() {
    const options = [["", t("all")], ["doudian", t("doudian")], ["kuaishou", t("kuaishou")]];
    const platform = choice("", options, this.platform);
    platform.input.setAttribute("aria-label", t("all"));
    platform.input.addEventListener("change", () => {
      this.platform = platform.input.value;
      this.refresh();
    });
    const language = () => {
      turnLanguage();
      desk = new Desk(this);
      desk.refresh();
    };
    return h(
      "header",
      { class: "top" },
      h("h1", {}, t("title")),
      h("span", { class: "quiet grow" }, t("about")),
      h("div", {}, platform.node),
      button(t("other"), language),
    );
  }

  show(name) {
    this.tab = name;
    fill(
      this.bar,
      Object.keys(this.tabs).map((id) =>
        button(t(id), () => this.show(id), { role: "tab", "aria-selected": String(id === name) }),
      ),
    );
    fill(this.side, this.tabs[name].node);
    this.tabs[name].refresh().catch((error) => say(error.message));
  }

  choose(id) {
    this.chosen = id;
    this.refresh();
  }

  async refresh() {
    try {
      if (!this.shops.length) this.shops = (await api.shops()).shops;
      await Promise.all([this.orders.refresh(), this.order.refresh(), this.tabs[this.tab].refresh()]);
    } catch (error) {
      say(error.message);
    }
  }
}

let desk = new Desk();

async function keepFresh() {
  if (!document.hidden) await desk.refresh();
  setTimeout(keepFresh, EVERY_MS);
}

keepFresh();
