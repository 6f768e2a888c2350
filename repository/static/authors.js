// While a family name is typed, people with a record are suggested; without this file one types on.
(() => {
  "use strict";
  const { authors: address, found: words, none } = document.currentScript.dataset;
  const FAMILY = /^(creators|contributors)\.\d+\.family$/;
  const PAUSE = 250;
  const cyrillic = (text) => /[\u0400-\u04ff]/.test(text);
  const make = (tag, given = {}, text = "") => {
    const made = document.createElement(tag);
    Object.entries(given).forEach(([name, value]) => made.setAttribute(name, value));
    made.textContent = text;
    return made;
  };
  const read = (form) => [form.family, form.given, form.patronymic].filter(Boolean).join(" ");

  document.querySelectorAll("input[name]").forEach((input) => {
    if (!FAMILY.test(input.name)) return;
    const at = input.name.slice(0, -"family".length);
    const id = `s-${input.name}`;
    const list = make("ul", { role: "listbox", id, class: "suggested", hidden: "", "aria-label": input.labels[0].textContent.trim() });
    const status = make("p", { role: "status", class: "hidden" });
    input.after(list, status);
    Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id, autocomplete: "off" })
      .forEach(([name, value]) => input.setAttribute(name, value));
    let timer = 0, asked = 0, people = [], current = -1;

    const close = () => {
      list.hidden = true;
      current = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const mark = (next) => {
      current = (next + people.length) % people.length;
      [...list.children].forEach((one, n) => one.setAttribute("aria-selected", n === current));
      input.setAttribute("aria-activedescendant", list.children[current].id);
      list.children[current].scrollIntoView({ block: "nearest" });
    };
    const put = (name, value) => {
      const field = input.form.elements[at + name];
      if (!field || field.value === value) return;
      field.value = value;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const fits = (one) => one.forms.find((form) => cyrillic(form.family) === cyrillic(input.value)) || one.forms[0];
    const choose = (one) => {
      const form = fits(one);
      ["family", "given", "patronymic"].forEach((name) => put(name, form[name]));
      if (one.orcid) put("orcid", one.orcid);
      const place = input.form.elements[`${at}affiliations.0.name`];
      if (place && !place.value && one.affiliation) put("affiliations.0.name", one.affiliation);
      close();
      status.textContent = "";
      input.focus();
    };
    const show = () => {
      list.replaceChildren(...people.map((one, n) => {
        const option = make("li", { role: "option", id: `${id}-${n}`, "aria-selected": "false" });
        const form = fits(one);
        const other = one.forms.find((each) => cyrillic(each.family) !== cyrillic(form.family));
        const more = [other && read(other), one.orcid && `ORCID ${one.orcid}`, one.affiliation].filter(Boolean).join(" · ");
        option.append(make("span", {}, read(form)), make("small", {}, more));
        option.addEventListener("pointerdown", (event) => event.preventDefault());
        option.addEventListener("click", () => choose(one));
        return option;
      }));
      list.hidden = !people.length;
      input.setAttribute("aria-expanded", String(people.length > 0));
      status.textContent = people.length ? words.replace("#", people.length) : none;
    };
    const ask = async () => {
      const text = input.value.trim(), mine = ++asked;
      close();
      if (text.length < 2) { status.textContent = ""; return; }
      const answer = await fetch(`${address}?q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } }).catch(() => null);
      if (mine !== asked || !answer || !answer.ok || document.activeElement !== input) return;
      people = await answer.json();
      show();
    };
    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE); });
    input.addEventListener("blur", () => { clearTimeout(timer); asked += 1; close(); });
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" && list.hidden && people.length) { show(); event.preventDefault(); return; }
      if (list.hidden) return;
      const steps = { ArrowDown: () => mark(current + 1), ArrowUp: () => mark(current < 0 ? -1 : current - 1), Escape: close };
      if (event.key === "Enter" && current >= 0) steps.Enter = () => choose(people[current]);
      if (steps[event.key]) { event.preventDefault(); steps[event.key](); }
    });
  });
})();
