// The small forms of the page: somebody new, a group, a link that came by another way.

import { h } from "./dom.js";
import { field, formBox } from "./overlays.js";
import { t } from "./words.js";

const LANGUAGES = [
  ["zh-hans", "简体中文"],
  ["en", "English"],
];

/** A new person on the page. `take(values)` adds them. */
export function personDialog(host, take) {
  const name = h("input", {
    type: "text",
    required: true,
    maxlength: "64",
    "data-first": true,
    autocomplete: "off",
  });
  const username = h("input", {
    type: "text",
    pattern: "[A-Za-z][A-Za-z0-9_]{3,31}",
    autocomplete: "off",
    autocapitalize: "off",
  });
  const language = h(
    "select",
    {},
    LANGUAGES.map(([value, label]) => h("option", { value }, label)),
  );
  formBox(host, {
    title: t("addPerson"),
    yes: t("add"),
    fields: [
      field(t("name"), name),
      field(t("username"), username),
      field(t("language"), language),
    ],
    submit: () =>
      take({
        first_name: name.value.trim(),
        language_code: language.value,
        ...(username.value && { username: username.value }),
      }),
  });
}

/** A new group of the person `pid`, with people and bots ticked. */
export function groupDialog(host, store, pid, take) {
  const title = h("input", {
    type: "text",
    required: true,
    maxlength: "128",
    "data-first": true,
    autocomplete: "off",
  });
  const others = [...store.bots, ...store.people.filter((person) => person.id !== pid)];
  const ticks = others.map((one) => {
    const box = h("input", { type: "checkbox", value: one.id });
    box.checked = store.bots.includes(one);
    return [box, h("label", { class: "check" }, box, h("span", {}, one.first_name))];
  });
  const topics = h("input", { type: "text", maxlength: "200", autocomplete: "off" });
  formBox(host, {
    title: t("newGroup"),
    yes: t("create"),
    fields: [
      field(t("groupName"), title),
      h(
        "fieldset",
        {},
        h("legend", {}, t("members")),
        ticks.map(([, label]) => label),
      ),
      field(t("topicNames"), topics),
    ],
    submit: () =>
      take({
        title: title.value.trim(),
        creator: pid,
        members: ticks.filter(([box]) => box.checked).map(([box]) => Number(box.value)),
        topics: topics.value.split(/[,，、]/).filter((name) => name.trim()),
      }),
  });
}

/** A link pasted from somewhere; `deepLink(text)` says whether it is one. */
export function linkDialog(host, deepLink, take) {
  const link = h("input", {
    type: "text",
    required: true,
    "data-first": true,
    placeholder: "t.me/…?start=…",
    autocomplete: "off",
  });
  formBox(host, {
    title: t("openLink"),
    yes: t("open"),
    fields: [field(t("linkLabel"), link)],
    submit: () => {
      const text = link.value.trim();
      if (!deepLink(text)) throw new Error(t("notALink"));
      setTimeout(() => take(text)); // after this form has closed
    },
  });
}
