// Files on their way out: chosen, dropped or pasted, looked at once more, then sent one by one.

import { h, icon } from "./dom.js";
import { layer } from "./overlays.js";
import { bytes, t } from "./words.js";

/** Ask the browser for files. */
export function chooseFiles(accept, take) {
  const input = h("input", {
    type: "file",
    multiple: true,
    accept,
    class: "offscreen",
    tabindex: "-1",
    "aria-hidden": "true",
  });
  input.addEventListener("change", () => {
    if (input.files.length) take([...input.files]);
    input.remove();
  });
  input.addEventListener("cancel", () => input.remove());
  document.body.append(input);
  input.click();
}

function preview(file, asPhoto) {
  if (!asPhoto()) {
    return h(
      "div",
      { class: "file" },
      h("span", { class: "file-icon" }, icon("file")),
      h(
        "span",
        { class: "file-words" },
        h("span", { class: "file-name" }, file.name),
        h("span", { class: "file-size" }, bytes(file.size)),
      ),
    );
  }
  const image = h("img", { class: "sheet-photo", alt: file.name });
  image.src = URL.createObjectURL(file);
  image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
  return image;
}

/** The sheet before sending. `send({file, kind, caption})` is awaited for each file, in order. */
export function attachSheet(host, files, preferPhoto, send) {
  const allPictures = files.every((file) => /^image\/(png|jpeg|webp|gif|bmp)$/.test(file.type));
  const title = files.length === 1 ? t("sendFile") : t("sendFiles", files.length);
  layer(host, {
    label: title,
    kind: "form",
    content: (close) => {
      const caption = h("input", {
        type: "text",
        placeholder: t("caption"),
        "aria-label": t("caption"),
        maxlength: "1024",
        "data-first": true,
      });
      const compress = h("input", { type: "checkbox" });
      compress.checked = preferPhoto && allPictures;
      const list = h("div", { class: "sheet-files" });
      const draw = () =>
        list.replaceChildren(...files.map((file) => preview(file, () => compress.checked)));
      compress.addEventListener("change", draw);
      draw();
      const problem = h("p", { class: "problem", role: "alert" });
      const yes = h("button", { type: "submit", class: "button primary" }, t("send"));
      const submit = async (event) => {
        event.preventDefault();
        yes.disabled = true;
        try {
          for (const [index, file] of files.entries()) {
            await send({
              file,
              kind: compress.checked ? "photo" : "document",
              caption: index === 0 ? caption.value.trim() : "",
            });
          }
          close();
        } catch (error) {
          problem.textContent = error.message;
          yes.disabled = false;
        }
      };
      return h(
        "form",
        { on: { submit } },
        h("h2", {}, title),
        list,
        allPictures && h("label", { class: "check" }, compress, h("span", {}, t("compress"))),
        caption,
        problem,
        h(
          "div",
          { class: "actions" },
          h(
            "button",
            { type: "button", class: "button", on: { click: () => close() } },
            t("cancel"),
          ),
          yes,
        ),
      );
    },
  });
}

/** Let files be dropped anywhere on `zone`. `take(files)` is told; `allowed()` may refuse. */
export function dropZone(zone, allowed, take) {
  const hint = h(
    "div",
    { class: "drop-hint", hidden: true },
    icon("attach", 34),
    h("span", {}, t("dropHere")),
  );
  zone.append(hint);
  const carries = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  zone.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    if (allowed()) hint.hidden = false;
  });
  zone.addEventListener("dragleave", (event) => {
    if (!zone.contains(event.relatedTarget)) hint.hidden = true;
  });
  zone.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    hint.hidden = true;
    if (allowed() && event.dataTransfer.files.length) take([...event.dataTransfer.files]);
  });
}
