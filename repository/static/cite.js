// The box of citations: another style is fetched once and shown in place; cards print themselves.
(() => {
  "use strict";
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  const shown = document.getElementById("citation");
  const links = [...document.querySelectorAll("a[data-style]")];
  let page;
  const fetched = async (address) => {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(answer.statusText);
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  };
  for (const link of links) link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || !shown) return;
    event.preventDefault();
    try {
      page ??= fetched(link.href.split("#")[0]);
      const found = (await page).getElementById(`cited-${link.dataset.style}`);
      shown.replaceChildren(...[...found.childNodes].map((one) => document.importNode(one, true)));
      for (const one of links) one.removeAttribute("aria-current");
      link.setAttribute("aria-current", "true");
    } catch {
      location.assign(link.href);
    }
  });
})();
