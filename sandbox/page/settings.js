// How the platform pushes, who has authorised, and its clock.

import { api } from "./api.js";
import { button, check, choice, field, fill, h, say } from "./dom.js";
import { t } from "./words.js";

export class Settings {
  constructor(desk) {
    this.desk = desk;
    this.node = h("div", { class: "stack" });
    this.platform = "doudian";
    this.drawn = false;
  }

  async refresh() {
    if (this.drawn) return;
    this.drawn = true;
    const [kept, { shops, bindings }] = await Promise.all([api.settings(), api.shops()]);
    const platform = choice("", [["doudian", t("doudian")], ["kuaishou", t("kuaishou")]], this.platform);
    platform.input.setAttribute("aria-label", t("settings"));
    platform.input.addEventListener("change", () => {
      this.platform = platform.input.value;
      this.redraw();
    });
    fill(
      this.node,
      platform.node,
      this.pushing(kept[this.platform]),
      this.clock(),
      h("h3", {}, t("shops")),
      shops.filter((shop) => shop.platform === this.platform).map((shop) => this.shop(shop)),
      button(t("expire"), () => this.expire()),
      h("h3", {}, t("bindings")),
      bindings.map((binding) => this.binding(binding, shops)),
    );
  }

  binding({ merchant, factory, status }, shops) {
    const [one, other] = [merchant, factory].map((id) => shops.find((shop) => shop.id === id));
    if (one.platform !== this.platform) return null;
    const states = [0, 1, 2, 3, 4, 5].map((state) => [String(state), t(`binding${state}`)]);
    const chosen = choice(`${one.name} → ${other.name}`, states, String(status));
    chosen.input.addEventListener("change", () =>
      api
        .bind({ merchant, factory, status: Number(chosen.input.value) })
        .then(() => say(t("saved")))
        .catch((error) => say(error.message)),
    );
    return chosen.node;
  }

  redraw() {
    this.drawn = false;
    this.refresh().catch((error) => say(error.message));
  }

  pushing({ push, redirect }) {
    const address = field(t("pushAddress"), { value: push.address, placeholder: "http://127.0.0.1:8080/…" });
    const back = field(t("redirect"), { value: redirect, placeholder: "http://127.0.0.1:8080/…" });
    const mode = choice(t("mode"), [["on", t("on")], ["held", t("heldMode")], ["off", t("off")]], push.mode);
    const number = (id) => field(t(id), { type: "number", min: 0, value: push[id] });
    const repeat = number("repeat");
    const lose = number("lose");
    const delay = number("delay");
    const shuffle = check(t("shuffle"), push.shuffle);
    const save = async () => {
      await api.change({
        [this.platform]: {
          redirect: back.input.value.trim(),
          push: {
            address: address.input.value.trim(),
            mode: mode.input.value,
            repeat: Number(repeat.input.value),
            lose: Number(lose.input.value),
            delay: Number(delay.input.value),
            shuffle: shuffle.input.checked,
          },
        },
      });
      say(t("saved"));
    };
    return h(
      "div",
      { class: "form stack" },
      address.node,
      back.node,
      h("div", { class: "two" }, mode.node, repeat.node, lose.node, delay.node),
      shuffle.node,
      button(t("save"), () => save().catch((error) => say(error.message)), { class: "primary" }),
    );
  }

  clock() {
    const seconds = field(t("clock"), { type: "number", value: 300 });
    const move = () => api.advance(Number(seconds.input.value)).then(({ now }) => say(new Date(now * 1000).toLocaleString()));
    return h("div", { class: "row" }, h("div", { class: "grow" }, seconds.node), button(t("advance"), move));
  }

  shop(shop) {
    const revoke = () => api.revoke(shop.id).then(() => this.redraw());
    return h(
      "div",
      { class: "line row" },
      h("span", { class: "grow" }, `${shop.name} `, h("small", {}, `${t(shop.role)} · ${shop.id}`)),
      h("small", {}, t(shop.authorised ? "authorised" : "notAuthorised")),
      shop.authorised && button(t("revoke"), revoke, { class: "danger" }),
    );
  }

  async expire() {
    const { expired } = await api.expire(this.platform);
    say(t("expired") + expired);
  }
}
