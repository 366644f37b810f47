/** The command palette and the sheet of keys, both made from what the modules registered. */

import { all, find, need } from "./elements.js";
import { lettersOn, registered, switchLetters } from "./keys.js";

/** @type {Record<string, string>} */
const NAMES = { Mod: "Ctrl", ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", Delete: "Del" };

/** A combination as people write it. @param {string} key */
function spelled(key) {
  const parts = key.split("+").map((part) => NAMES[part] ?? part);
  const last = parts.pop() || "+";
  const letter = last.length === 1 ? last.toUpperCase() : last;
  if (!parts.length && last.length === 1 && last !== last.toLowerCase()) parts.push("Shift");
  return [...parts, letter].join("+");
}

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {...(Node|string)} children
 */
function element(name, ...children) {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}

/** @param {string} label */
function dialog(label) {
  const made = document.createElement("dialog");
  made.className = "dialog palette";
  made.setAttribute("aria-label", label);
  made.addEventListener("close", () => made.remove());
  document.body.append(made);
  return made;
}

/** What the codebook says of the codes that the buttons set. */
function guides() {
  const rows = all("[data-marking] .guided").map((guided) => {
    const words = /** @type {HTMLElement} */ (need(".guide", guided).cloneNode(true));
    words.removeAttribute("id");
    return element("details", element("summary", find("[data-label]", guided)?.dataset.label ?? ""), words);
  });
  return rows.length ? [element("section", element("h2", "What the marks mean"), ...rows)] : [];
}

/** All keys, by group, and the switch for single letters. */
export function showKeys() {
  const sheet = dialog("Keys");
  const groups = Map.groupBy(registered().filter(({ key }) => key), (binding) => binding.group);
  const lists = [...groups].map(([group, bindings]) => {
    const rows = bindings.flatMap(({ key, label }) => [
      element("dt", element("kbd", spelled(key))),
      element("dd", label),
    ]);
    return element("section", element("h2", group), element("dl", ...rows));
  });
  lists.push(...guides());
  const box = element("input");
  box.type = "checkbox";
  box.checked = lettersOn();
  box.addEventListener("change", () => switchLetters(box.checked));
  const close = element("button", "Close");
  close.addEventListener("click", () => sheet.close());
  const grid = element("div", ...lists);
  grid.className = "key-groups";
  const head = element("header", element("h1", "Keys"), element("label", box, " Single letters work as keys"), close);
  sheet.append(head, grid);
  sheet.showModal();
  close.focus();
}

/** Type to find a command, Enter to run it. */
export function showPalette() {
  const sheet = dialog("Commands");
  const input = element("input");
  input.setAttribute("aria-label", "Find a command");
  input.placeholder = "Find a command";
  const list = element("ul");
  const fill = () => {
    const wanted = input.value.toLowerCase().split(/\s+/);
    const fitting = registered().filter(({ label, group }) =>
      wanted.every((word) => `${group} ${label}`.toLowerCase().includes(word)),
    );
    if (!fitting.length) list.replaceChildren(element("li", "No command has these words."));
    else list.replaceChildren(...fitting.map((binding) => {
      const button = element("button", element("span", binding.label), ...(binding.key ? [element("kbd", spelled(binding.key))] : []));
      button.addEventListener("click", (event) => {
        sheet.close();
        binding.run(event);
      });
      return element("li", button);
    }));
  };
  input.addEventListener("input", fill);
  sheet.addEventListener("keydown", (event) => {
    const buttons = all("button", list);
    const at = buttons.findIndex((button) => button === document.activeElement);
    if (event.key === "ArrowDown") (buttons[at + 1] ?? buttons[0])?.focus();
    else if (event.key === "ArrowUp") (buttons[at - 1] ?? input).focus();
    else if (event.key === "Enter" && document.activeElement === input) buttons[0]?.click();
    else return;
    event.preventDefault();
  });
  fill();
  sheet.append(input, list);
  sheet.showModal();
}
