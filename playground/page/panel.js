// A drawer from the right edge: the frame that the call log and the faults share.

import { h, iconButton } from "./dom.js";
import { layer } from "./overlays.js";
import { t } from "./words.js";

/** Open a drawer over `host`; `tick()` runs now and every `everyMs` until it is closed. */
export function drawer(host, { title, body, tick, everyMs }) {
  let timer = 0;
  let open = true;
  const run = async () => {
    await tick();
    if (open) timer = setTimeout(run, everyMs);
  };
  layer(host, {
    label: title,
    kind: "drawer",
    content: (close) => [
      h(
        "header",
        { class: "drawer-head" },
        h("h2", {}, title),
        iconButton("close", t("close"), () => close()),
      ),
      h("div", { class: "drawer-body" }, body),
    ],
    onClose: () => {
      open = false;
      clearTimeout(timer);
    },
  });
  run();
}
