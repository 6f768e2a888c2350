// Every page works without this file; with it a few things are handier.
(() => {
  "use strict";
  const each = (selector, act) => document.querySelectorAll(selector).forEach(act);

  // Menus close when one looks elsewhere.
  const close = (except) => each("[data-menu][open]", (menu) => { if (menu !== except) menu.open = false; });
  document.addEventListener("click", (event) => close(event.target.closest("[data-menu]")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    each("[data-menu][open]", (menu) => { menu.open = false; menu.querySelector("summary").focus(); });
  });

  // Who goes to a search box gets what it may offer; until then that script is not sent.
  const begun = document.currentScript.dataset.begun;
  each("input[data-begun]", (box) => box.addEventListener("focus", () => {
    if (document.querySelector(`script[src="${begun}"]`)) return;
    document.head.append(Object.assign(document.createElement("script"), { src: begun }));
  }, { once: true }));
  document.activeElement?.matches("input[data-begun]") && document.activeElement.dispatchEvent(new Event("focus"));

  // A refused form says first what is wrong.
  each("[data-focus]", (summary) => summary.focus());

  // Copying a citation.
  if (navigator.clipboard) each("[data-copy]", (button) => {
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
      button.textContent = button.dataset.copied;
      setTimeout(() => { button.textContent = label; }, 2000);
    });
  });

  // Long lists grow shorter as one types.
  each("select[data-picker]", (select) => {
    const all = [...select.options].map((option) => [option, option.text.toLocaleLowerCase()]);
    const filter = document.createElement("input");
    Object.assign(filter, { type: "search", className: "filter", placeholder: select.dataset.picker, autocomplete: "off" });
    filter.setAttribute("aria-label", select.dataset.picker);
    filter.setAttribute("aria-controls", select.id);
    filter.addEventListener("input", () => {
      const words = filter.value.toLocaleLowerCase().split(/\s+/);
      const fits = ([option, text]) => option.value === "" || words.every((word) => text.includes(word));
      all.forEach((one) => { one[0].hidden = one[0].disabled = !fits(one); });
      const left = all.filter((one) => one[0].value !== "" && fits(one));
      select.size = filter.value ? Math.min(Math.max(left.length, 2), 8) : 1;
      if (filter.value && left.length === 1) select.value = left[0][0].value;
    });
    filter.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    select.addEventListener("change", () => { filter.value = ""; filter.dispatchEvent(new Event("input")); });
    select.before(filter);
  });

  // Questions open over the page.
  each("details[data-dialog]", (details) => {
    const dialog = document.createElement("dialog");
    if (!dialog.showModal) return;
    const shut = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: details.dataset.close });
    const title = details.querySelector("h2");
    title.id = title.id || `dialog-${document.querySelectorAll("dialog").length}`;
    dialog.setAttribute("aria-labelledby", title.id);
    dialog.append(details.querySelector(".panel"), shut);
    details.after(dialog);
    shut.addEventListener("click", () => dialog.close());
    details.querySelector("summary").addEventListener("click", (event) => {
      event.preventDefault();
      dialog.showModal();
    });
  });

  // A page about something that goes on is renewed in its place, unless somebody is at it.
  const again = (from) => {
    const wanted = from.querySelector('meta[name="again"]');
    if (wanted) setTimeout(renew, wanted.content * 1000);
  };
  const renew = async () => {
    const main = document.getElementById("main");
    if (document.hidden || (main !== document.activeElement && main.contains(document.activeElement))) return again(document);
    const answer = await fetch(location.href).catch(() => null);
    if (!answer || !answer.ok) return again(document);
    const made = new DOMParser().parseFromString(await answer.text(), "text/html");
    main.replaceChildren(...made.getElementById("main").childNodes);
    again(made);
  };
  again(document);
})();
