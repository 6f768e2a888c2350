// The search of a mirror. It works from a stick: what works are found by comes as scripts, for a page
// that no server has sent may load nothing else. Without this file the lists lead everywhere.
const mirror = { letters: {}, sounds: [], rows: [], take(rows) { this.rows.push(...rows); } };
(() => {
  "use strict";
  const MOST = 100;
  const form = document.querySelector("form[data-mirror]");
  form.hidden = false;
  document.querySelector("[data-plain]")?.remove();
  if (!form.dataset.at) return;
  const status = document.querySelector("[role=status]");
  const list = document.querySelector(".results");

  const load = (name) => new Promise((done) => {
    const script = document.createElement("script");
    script.onload = script.onerror = done;
    script.src = `${form.dataset.at}${name}.js`;
    document.head.append(script);
  });

  // Two spellings of a word become one, as in repository/folding.py.
  const fold = (text) => {
    const plain = [...text.normalize("NFC").toLowerCase()].map((one) => mirror.letters[one] ?? one).join("");
    const bare = plain.normalize("NFKD").replace(/[\p{Mn}'’ʹʼ`]/gu, "");
    return (bare.match(/[\p{L}\p{N}_]+/gu) || []).map((word) => {
      for (const [written, sound] of mirror.sounds) word = word.replaceAll(written, sound);
      return word.replace(/i+e/g, "e").replace(/([^\W\d]|[^\x00-\x7f])\1+/g, "$1");
    }).filter(Boolean);
  };

  let ready;
  const all = () => ready ||= (async () => {
    await load("letters");
    for (const piece of form.dataset.pieces.split(" ").filter(Boolean)) await load(piece);
    for (const row of mirror.rows) {
      const [, title, , by, year, words] = row;
      row.push(` ${fold(title).join(" ")} `, ` ${fold(`${title} ${by} ${year} ${words}`).join(" ")} `);
    }
  })();

  const shown = ([number, title, language, by, year]) => {
    const item = document.createElement("li");
    const box = item.appendChild(Object.assign(document.createElement("div"), { className: "result" }));
    const line = box.appendChild(Object.assign(document.createElement("p"), { className: "title" }));
    const link = line.appendChild(document.createElement("a"));
    Object.assign(link, { href: `works/${number}/index.html`, textContent: title });
    if (language) link.lang = language;
    for (const [className, textContent] of [["by", by], ["about", year]]) {
      if (textContent) box.append(Object.assign(document.createElement("p"), { className, textContent }));
    }
    return item;
  };

  const search = async (text) => {
    if (!text.trim()) return;
    await all();
    const words = fold(text).map((word) => ` ${word}`);
    const fits = (place) => (row) => words.every((word) => row[place].includes(word));
    const found = words.length ? mirror.rows.filter(fits(7)) : [];
    // First where the words stand in the title whole, then where its words begin with them.
    const rank = (row) => 2 * words.filter((word) => row[6].includes(`${word} `)).length + fits(6)(row);
    const ranks = new Map(found.map((row) => [row, rank(row)]));
    found.sort((one, other) => ranks.get(other) - ranks.get(one) || one[0] - other[0]);
    list.replaceChildren(...found.slice(0, MOST).map(shown));
    const count = `${status.dataset.found} ${found.length.toLocaleString(document.documentElement.lang)}.`;
    status.textContent = !found.length ? status.dataset.none
      : found.length > MOST ? `${count} ${status.dataset.first}` : count;
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    history.replaceState(null, "", `?q=${encodeURIComponent(form.q.value)}`);
    search(form.q.value);
  });
  form.q.value = new URLSearchParams(location.search).get("q") || "";
  search(form.q.value);
})();
