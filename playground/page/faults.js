// Trouble on demand: presets to switch on, each for one method or all, for so many times.

import { api } from "./api.js";
import { h } from "./dom.js";
import { drawer } from "./panel.js";
import { t } from "./words.js";

const EVERY_MS = 1500;
const PRESETS = [
  { kind: "429", retry_after: 3 },
  { kind: "403" },
  { kind: "5xx" },
  { kind: "drop_answer" },
  { kind: "drop_request" },
  { kind: "latency", seconds: 2 },
  { kind: "html" },
];
const METHODS = [
  "sendMessage",
  "editMessageText",
  "answerCallbackQuery",
  "sendDocument",
  "deleteMessage",
  "getUpdates",
];
const TIMES = ["1", "3", "10", ""];

const told = new Set();

/** Those that can still hit: the server keeps used-up ones in its list. */
const inForce = async () => (await api.faults()).faults.filter((fault) => fault.times !== 0);

function tell(faults) {
  for (const listener of told) listener(faults.length);
  return faults;
}

/** Be told how many faults are on, now and whenever this page learns of a change. */
export function watchFaults(listener) {
  told.add(listener);
  inForce().then(tell, () => listener(0));
}

function options() {
  const method = h(
    "select",
    { id: "fault-method" },
    h("option", { value: "" }, t("anyMethod")),
    METHODS.map((name) => h("option", { value: name }, name)),
  );
  method.value = "sendMessage";
  const times = h(
    "select",
    {},
    TIMES.map((value) => h("option", { value }, value || t("forever"))),
  );
  return { method, times };
}

export function faultsDrawer(host) {
  let active = [];
  const { method, times } = options();
  const problem = h("p", { class: "problem", role: "alert" });

  const switches = PRESETS.map((preset) => {
    const [name, what] = t(`fault_${preset.kind}`);
    const state = h("span", { class: "fault-state" });
    const knob = h("button", {
      type: "button",
      role: "switch",
      class: "switch",
      "aria-checked": "false",
      "aria-label": name,
      on: { click: () => flip(preset) },
    });
    return {
      preset,
      state,
      knob,
      el: h(
        "div",
        { class: "fault" },
        h("div", { class: "grow" }, h("b", {}, name), h("span", {}, what), state),
        knob,
      ),
    };
  });

  const draw = () => {
    for (const { preset, state, knob } of switches) {
      const mine = active.find((fault) => fault.kind === preset.kind);
      knob.setAttribute("aria-checked", String(Boolean(mine)));
      const count = mine?.times ? t("left", mine.times) : t("on");
      state.textContent = mine ? `${mine.method ?? t("anyMethod")} · ${count}` : "";
    }
  };
  const tick = async () => {
    try {
      active = tell(await inForce());
      problem.textContent = "";
    } catch (error) {
      problem.textContent = error.message;
    }
    draw();
  };
  const put = async (faults) => {
    try {
      await api.clearFaults();
      if (faults.length) await api.setFaults(faults);
    } catch (error) {
      problem.textContent = error.message;
      return;
    }
    await tick();
  };
  const flip = (preset) => {
    const rest = active.filter((fault) => fault.kind !== preset.kind);
    const on = rest.length === active.length;
    return put(
      on
        ? [
            ...rest,
            {
              ...preset,
              ...(method.value && { method: method.value }),
              ...(times.value && { times: Number(times.value) }),
            },
          ]
        : rest,
    );
  };

  drawer(host, {
    title: t("faults"),
    tick,
    everyMs: EVERY_MS,
    body: [
      h("p", { class: "quiet" }, t("faultsIntro")),
      h(
        "div",
        { class: "drawer-tools" },
        h("label", { class: "field" }, h("span", {}, t("onMethod")), method),
        h("label", { class: "field" }, h("span", {}, t("times")), times),
      ),
      switches.map((one) => one.el),
      problem,
      h(
        "button",
        { type: "button", class: "button wide", on: { click: () => put([]) } },
        t("faultsOff"),
      ),
    ],
  });
}
