// The reading room works by links and forms; here are keys, swipes, and looking closely without waiting.
(() => {
  "use strict";
  const frame = document.querySelector(".frame[data-zooms]");
  if (!frame) return;
  const svg = frame.querySelector("svg"), sheet = svg.querySelector("g"), image = svg.querySelector("image");
  const zooms = frame.dataset.zooms.split(" ").map(Number);
  const broad = Number(svg.dataset.broad), high = Number(svg.dataset.high);
  const state = { zoom: Number(frame.dataset.zoomNow), turn: Number(frame.dataset.turnNow) };
  const usual = { zoom: 100, turn: 0 };
  const all = (selector) => [...document.querySelectorAll(selector)];

  // What this page's look is goes along to the next page, and into the address.
  const tell = (address) => {
    const url = new URL(address, location.href);
    for (const name of Object.keys(state)) {
      if (state[name] === usual[name]) url.searchParams.delete(name);
      else url.searchParams.set(name, state[name]);
    }
    return url.href;
  };
  const moves = {
    0: "", 90: `translate(${high} 0) rotate(90)`,
    180: `translate(${broad} ${high}) rotate(180)`, 270: `translate(0 ${broad}) rotate(270)`,
  };
  const show = () => {
    zooms.forEach((one) => frame.classList.toggle(`z${one}`, one === state.zoom));
    const lying = state.turn % 180 !== 0;
    svg.setAttribute("viewBox", `0 0 ${lying ? high : broad} ${lying ? broad : high}`);
    sheet.setAttribute("transform", moves[state.turn]);
    if (state.zoom > 100 && image.getAttribute("href") !== image.dataset.large) image.setAttribute("href", image.dataset.large);
    all("[data-level]").forEach((one) => { one.textContent = `${state.zoom} %`; });
    all("a[data-state]").forEach((one) => { one.href = tell(one.href); });
    all(".turns input[type=hidden]").forEach((one) => { if (one.name in state) one.value = state[one.name]; });
    all("[data-zoom]").forEach((one) => {
      const end = one.dataset.zoom === "1" ? zooms[zooms.length - 1] : zooms[0];
      one.toggleAttribute("aria-disabled", false);
      if (state.zoom === end) one.setAttribute("aria-disabled", "true");
    });
    history.replaceState(null, "", tell(location.href));
  };
  const zoom = (step) => {
    const at = zooms.indexOf(state.zoom) + step;
    if (at < 0 || at >= zooms.length) return;
    // What is in the middle stays in the middle.
    const middle = [(frame.scrollLeft + frame.clientWidth / 2) / frame.scrollWidth, (frame.scrollTop + frame.clientHeight / 2) / frame.scrollHeight];
    state.zoom = zooms[at];
    show();
    frame.scrollLeft = middle[0] * frame.scrollWidth - frame.clientWidth / 2;
    frame.scrollTop = middle[1] * frame.scrollHeight - frame.clientHeight / 2;
  };
  const turn = () => { state.turn = (state.turn + 90) % 360; show(); };
  const follow = (rel) => { const link = document.querySelector(`.turns a[rel=${rel}]`); if (link) link.click(); return Boolean(link); };
  const go = (number) => {
    const field = document.getElementById("go");
    if (Number(field.defaultValue) === number) return;
    field.value = number;
    field.form.requestSubmit();
  };

  all("[data-zoom]").forEach((one) => one.addEventListener("click", (event) => { event.preventDefault(); zoom(Number(one.dataset.zoom)); }));
  all("[data-turn]").forEach((one) => one.addEventListener("click", (event) => { event.preventDefault(); turn(); }));
  all("[data-keys]").forEach((one) => { one.hidden = false; });
  document.getElementById("go").addEventListener("change", (event) => { if (event.target.checkValidity()) event.target.form.requestSubmit(); });
  // Whoever leafs quickly may find that too many pages are being drawn; a little later there is room.
  const lost = frame.querySelector("[data-lost]");
  let tries = 0;
  image.addEventListener("error", () => {
    if (tries === 3) { lost.hidden = false; return; }
    tries += 1;
    setTimeout(() => image.setAttribute("href", `${image.getAttribute("href").split("?")[0]}?again=${tries}`), 1500 * tries);
  });

  const aside = (side) => { // whether the page can still be pushed to that side
    if (frame.scrollWidth <= frame.clientWidth + 1) return false;
    return side < 0 ? frame.scrollLeft > 1 : frame.scrollLeft + frame.clientWidth < frame.scrollWidth - 1;
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, summary, dialog")) return;
    const act = {
      ArrowLeft: () => !aside(-1) && follow("prev"), ArrowRight: () => !aside(1) && follow("next"),
      Home: () => go(1), End: () => go(Number(document.getElementById("go").max)),
      "+": () => zoom(1), "=": () => zoom(1), "-": () => zoom(-1), "−": () => zoom(-1),
      r: turn, R: turn, к: turn, К: turn,
    }[event.key];
    if (!act) return;
    if (act() !== false) event.preventDefault();
  });

  let start = null;
  frame.addEventListener("touchstart", (event) => {
    const one = event.touches[0];
    start = event.touches.length === 1 && frame.scrollWidth <= frame.clientWidth + 1 ? [one.clientX, one.clientY, Date.now()] : null;
  }, { passive: true });
  frame.addEventListener("touchend", (event) => {
    if (!start || event.touches.length) return;
    const one = event.changedTouches[0], across = one.clientX - start[0], down = one.clientY - start[1];
    const quick = Date.now() - start[2] < 800, still = !window.visualViewport || window.visualViewport.scale < 1.05;
    if (quick && still && Math.abs(across) > 60 && Math.abs(across) > 2 * Math.abs(down)) follow(across < 0 ? "next" : "prev");
    start = null;
  }, { passive: true });
})();
