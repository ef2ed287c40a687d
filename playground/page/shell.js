// The page around the phones: how many fit, who holds which, the top bar and the drawers.

import { api } from "./api.js";
import { callsDrawer } from "./calls.js";
import { personDialog } from "./dialogs.js";
import { avatar, fill, h, icon } from "./dom.js";
import { faultsDrawer, watchFaults } from "./faults.js";
import { confirmBox, menu, toast } from "./overlays.js";
import { Phone } from "./phone.js";
import { prefs } from "./prefs.js";
import { setLanguage, t } from "./words.js";

const PHONE_PX = 372; // the least width of a phone beside others, with its gap
const SINGLE_PX = 2 * PHONE_PX; // below this one phone takes the page, with tabs
const MOST = 5;

export class Shell {
  #phones = [];
  #faults = 0;

  constructor(store, root) {
    this.store = store;
    this.root = root;
    store.addEventListener("change", ({ detail }) => {
      for (const phone of this.#phones) if (phone.pid === detail.pid) phone.sync();
      this.#drawTabs();
    });
    store.addEventListener("read", () => this.#drawTabs());
    store.addEventListener("people", () => this.layOut());
    store.addEventListener("line", ({ detail }) => {
      this.lost.hidden = detail.up;
    });
    window.addEventListener("resize", () => this.layOut());
    document.addEventListener("visibilitychange", () =>
      this.#phones.forEach((phone) => phone.sync()),
    );
    watchFaults((count) => {
      this.#faults = count;
      this.#drawTop();
    });
    this.build();
  }

  build() {
    for (const phone of this.#phones.splice(0)) phone.close();
    this.top = h("header", { class: "top" });
    this.tabs = h("nav", { class: "tabs", "aria-label": t("people") });
    this.lost = h("div", { class: "lost", role: "status", hidden: true }, t("lost"));
    this.row = h("main", { class: "phones" });
    fill(this.root, this.top, this.lost, this.tabs, this.row);
    this.#drawTop();
    this.layOut();
  }

  #drawTop() {
    const button = (name, label, run, props = {}) =>
      h(
        "button",
        {
          type: "button",
          class: `top-button ${props.class ?? ""}`,
          "aria-label": props.label ?? label,
          title: props.label ?? label,
          on: { click: run },
        },
        icon(name, 18),
        h("span", {}, label),
        props.class === "alarm" && h("span", { class: "dot" }),
      );
    const alarm = this.#faults > 0 ? { class: "alarm", label: t("faultsOn", this.#faults) } : {};
    fill(
      this.top,
      h("span", { class: "logo", "aria-hidden": "true" }, icon("parcel", 22)),
      h("div", { class: "brand" }, h("h1", {}, t("title")), h("span", {}, t("tagline"))),
      button("log", t("calls"), () => callsDrawer(document.body)),
      button("bolt", t("faults"), () => faultsDrawer(document.body), alarm),
      button("broom", t("clear"), () => this.#clear()),
      h(
        "button",
        {
          type: "button",
          class: "top-button language",
          "aria-label": t("langSwitch"),
          on: { click: () => this.#language() },
        },
        t("langName"),
      ),
    );
  }

  #language() {
    prefs.language = prefs.language === "en" ? "zh" : "en";
    setLanguage(prefs.language);
    this.build();
  }

  async #clear() {
    if (!(await confirmBox(document.body, t("clearAsk"), t("clear"), true))) return;
    try {
      await api.reset();
      await this.store.refreshAll();
      toast(document.body, t("cleared"));
    } catch (error) {
      toast(document.body, error.message);
    }
  }

  /** Who is shown, first the remembered ones that still exist, then the others in their order. */
  #wanted(count) {
    const ids = this.store.people.map((person) => person.id);
    const remembered = prefs.phones.filter((id) => ids.includes(id));
    return [...new Set([...remembered, ...ids])].slice(0, count);
  }

  layOut() {
    const width = window.innerWidth;
    const single = width < SINGLE_PX;
    const fit = single ? 1 : Math.min(MOST, Math.floor((width - 24) / PHONE_PX));
    const wanted = this.#wanted(Math.min(fit, this.store.people.length));
    this.root.classList.toggle("single", single);
    for (const phone of this.#phones) {
      if (!wanted.includes(phone.pid)) phone.holder.remove();
      if (!wanted.includes(phone.pid)) phone.close();
    }
    this.#phones = wanted.map(
      (pid) => this.#phones.find((one) => one.pid === pid) ?? this.#newPhone(pid),
    );
    this.#phones.forEach((phone, index) => {
      if (this.row.children[index] !== phone.holder)
        this.row.insertBefore(phone.holder, this.row.children[index] ?? null);
    });
    this.#phones.forEach((phone) => phone.sync());
    this.#drawTabs();
  }

  #newPhone(pid) {
    const phone = new Phone({ store: this.store, pid });
    phone.owner = h("div", { class: "owner" });
    phone.holder = h("div", { class: "holder" }, phone.owner, phone.el);
    return phone;
  }

  #show(pid, at) {
    const ids = this.#phones.map((phone) => phone.pid);
    const already = ids.indexOf(pid);
    if (already >= 0) ids[already] = ids[at];
    ids[at] = pid;
    prefs.phones = [...new Set([...ids, ...prefs.phones])];
    this.layOut();
  }

  #add(at) {
    personDialog(document.body, async (values) => {
      const person = await this.store.addPerson(values);
      this.#show(person.id, at);
      toast(document.body, t("personAdded", person.first_name));
    });
  }

  #badge(pid) {
    const unread = this.store.unreadOf(pid);
    return (
      unread > 0 &&
      h("span", { class: "badge", role: "img", "aria-label": t("unread", unread) }, String(unread))
    );
  }

  #drawTabs() {
    const shown = new Set(this.#phones.map((phone) => phone.pid));
    const elsewhere = this.store.people.some(
      (person) => !shown.has(person.id) && this.store.unreadOf(person.id) > 0,
    );
    const sign = JSON.stringify([
      [...shown],
      elsewhere,
      this.store.people.map((one) => [one, this.store.unreadOf(one.id)]),
    ]);
    if (sign === this.tabs.dataset.sign) return;
    this.tabs.dataset.sign = sign;
    fill(
      this.tabs,
      this.store.people.map((person) =>
        h(
          "button",
          {
            type: "button",
            class: "tab",
            "aria-current": shown.has(person.id) ? "true" : null,
            on: { click: () => this.#show(person.id, 0) },
          },
          person.first_name,
          !shown.has(person.id) && this.#badge(person.id),
        ),
      ),
      h(
        "button",
        {
          type: "button",
          class: "tab add",
          "aria-label": t("addPerson"),
          title: t("addPerson"),
          on: { click: () => this.#add(0) },
        },
        icon("plus", 18),
      ),
    );
    this.#phones.forEach((phone, index) => this.#drawOwner(phone, index, elsewhere));
  }

  #drawOwner(phone, index, elsewhere) {
    const person = this.store.person(phone.pid);
    const button = h(
      "button",
      {
        type: "button",
        class: "owner-button",
        "aria-haspopup": "menu",
        "aria-label": t("switchPerson", person.first_name),
        on: { click: () => this.#choose(button, phone, index) },
      },
      avatar(person.id, person.first_name),
      h("b", {}, person.first_name),
      person.username && h("span", { class: "handle" }, `@${person.username}`),
      icon("chevron", 16),
      elsewhere && h("span", { class: "dot" }),
    );
    fill(phone.owner, button);
  }

  #choose(button, phone, index) {
    const box = button.getBoundingClientRect();
    menu(document.body, { x: box.left, y: box.bottom + 4 }, t("people"), [
      ...this.store.people.map((person) => ({
        label: person.first_name,
        checked: person.id === phone.pid,
        lead: avatar(person.id, person.first_name),
        badge: this.#badge(person.id),
        run: () => this.#show(person.id, index),
      })),
      { label: t("addPerson"), icon: "plus", run: () => this.#add(index) },
    ]);
  }
}
