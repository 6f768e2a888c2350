// Search boxes offer people, subjects and works that begin with what was typed (WAI-ARIA combobox).
(() => {
  "use strict";
  const PAUSE = 150;
  document.querySelectorAll("input[data-begun]").forEach((box) => {
    const list = Object.assign(document.createElement("div"), { className: "begun drop", id: `${box.id}-begun`, hidden: true });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", box.labels.length ? box.labels[0].textContent : "");
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"]]) box.setAttribute(name, value);
    box.form.classList.add("begins");
    box.form.append(list);
    let wait, asked = 0, at = -1;

    const options = () => [...list.querySelectorAll("a")];
    const open = (yes) => {
      list.hidden = !yes;
      at = -1;
      box.setAttribute("aria-expanded", String(yes));
      box.removeAttribute("aria-activedescendant");
    };
    const mark = (next) => {
      const all = options();
      at = (next + all.length + 1) % (all.length + 1);
      if (at === all.length) at = -1;
      all.forEach((one, n) => one.setAttribute("aria-selected", String(n === at)));
      if (at < 0) box.removeAttribute("aria-activedescendant");
      else {
        box.setAttribute("aria-activedescendant", all[at].id);
        all[at].scrollIntoView({ block: "nearest" });
      }
    };
    const show = (groups) => {
      list.replaceChildren();
      groups.forEach((group, g) => {
        const part = document.createElement("div");
        part.setAttribute("role", "group");
        part.setAttribute("aria-label", group.label);
        const head = Object.assign(document.createElement("p"), { textContent: group.label });
        head.setAttribute("aria-hidden", "true");
        part.append(head);
        group.offers.forEach((offer, n) => {
          const link = Object.assign(document.createElement("a"), { href: offer.href, id: `${list.id}-${g}-${n}`, tabIndex: -1 });
          link.setAttribute("role", "option");
          link.setAttribute("aria-selected", "false");
          link.append(offer.text);
          if (offer.count) link.append(Object.assign(document.createElement("span"), { className: "count", textContent: offer.count }));
          part.append(link);
        });
        list.append(part);
      });
      open(groups.length > 0);
    };
    const ask = async () => {
      const typed = box.value.trim(), mine = ++asked;
      if (typed.length < 2) return open(false);
      try {
        const answer = await fetch(`${box.dataset.begun}?q=${encodeURIComponent(typed)}&lang=${document.documentElement.lang}`);
        const groups = answer.ok ? await answer.json() : [];
        if (mine === asked && document.activeElement === box) show(groups);
      } catch { open(false); }
    };
    box.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(ask, PAUSE); });
    box.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        mark(event.key === "ArrowDown" ? at + 1 : at < 0 ? options().length - 1 : at - 1);
      } else if (event.key === "Enter" && at >= 0) {
        event.preventDefault();
        options()[at].click();
      } else if (event.key === "Escape") {
        event.preventDefault();
        open(false);
      }
    });
    if (document.activeElement === box) ask(); // typed before this file came
    box.form.addEventListener("focusout", (event) => { if (!box.form.contains(event.relatedTarget)) open(false); });
  });
})();
