// The forms of works, made nicer: typing that saves itself. (Uploads: upload.js.)
// Everything here is also done by the plain forms.
(() => {
  "use strict";
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const make = (tag, properties, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));

  // Groups of fields that belong to some kinds of work only; one that holds something stays.
  const kind = one("select[data-type]");
  if (kind) {
    const groups = all("fieldset[data-types]");
    const shown = one("input[name=groups]");
    const held = one("select[data-host-kind]");
    const filled = (group) => all("input:not([type=hidden]), textarea", group).some((field) => field.value.trim());
    kind.addEventListener("change", () => {
      groups.forEach((group) => { group.hidden = !group.dataset.types.split(" ").includes(kind.value) && !filled(group); });
      const holder = held && ["conference", "book"].find((name) => (held.dataset[name] || "").split(" ").includes(kind.value));
      if (held && !filled(held.closest("fieldset"))) held.value = holder || "journal";
    });
    if (shown) shown.value = groups.map((group) => group.id).join(" ");
  }

  // Typing is saved as it comes. What could not be sent stays in this browser until it can.
  const PAUSE = 1200;
  const RETRY = 5000;
  const PREFIX = "draft:";
  const form = one("form[data-autosave]");
  const store = {
    keep(key, entry) { try { localStorage.setItem(PREFIX + key, JSON.stringify(entry)); } catch { /* full, or forbidden */ } },
    forget(key) { try { localStorage.removeItem(PREFIX + key); } catch { /* forbidden */ } },
    entries() {
      try {
        return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))
          .map((key) => [key.slice(PREFIX.length), JSON.parse(localStorage.getItem(key))]);
      } catch { return []; }
    },
  };
  const notes = one("[data-notes]");
  const note = (kind_, text, ...more) => {
    if (notes) notes.replaceChildren(...(text ? [make("div", { className: `notice ${kind_}`, role: "status" }, make("p", { textContent: text }), ...more)] : []));
  };
  const post = (address, body) => fetch(address, {
    method: "POST", body, headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" },
  });

  // A plain form with what was kept, sent to the page that shows both sides.
  const compare = (address, body) => {
    const plain = make("form", { method: "post", action: address, hidden: true });
    for (const [name, value] of new URLSearchParams(body)) plain.append(make("input", { type: "hidden", name, value }));
    document.body.append(plain);
    plain.submit();
  };
  const clash = (text, address, key, body) => {
    const button = make("button", { type: "button", className: "button", textContent: form.dataset.compare });
    button.addEventListener("click", () => { store.forget(key); compare(address, body); });
    note("bad", text, make("p", { className: "do" }, button));
  };

  if (form) {
    const key = form.dataset.draft;
    const mark = one("[data-saved]");
    const body = () => new URLSearchParams(new FormData(form)).toString();
    let dirty = false;
    let stopped = false;
    let timer = 0;
    let running = Promise.resolve();

    const said = () => {
      if (mark) mark.textContent = `${mark.dataset.savedWords} ${new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" })}`;
    };
    const saved = async (response, lost) => {
      const answer = await response.json();
      form.revision.value = answer.revision;
      const warnings = one("[data-duplicates]");
      if (warnings) warnings.innerHTML = answer.duplicates;
      if (answer.note || lost) note("note", answer.note || form.dataset.back);
      said();
    };
    const save = async (lost = false) => {
      if (!dirty || stopped) return;
      dirty = false;
      const text = body();
      store.keep(key, { address: form.dataset.autosave, body: text });
      const response = await post(form.dataset.autosave, text).catch(() => null);
      if (!response || response.status >= 500) {
        dirty = true;
        note("warn", form.dataset.lost);
        later(RETRY, true);
      } else if (response.ok) {
        await saved(response, lost);
        if (!dirty) store.forget(key);
      } else {
        stopped = true;
        const answer = await response.json().catch(() => ({}));
        if (response.status === 409) clash(answer.error, form.action, key, text);
        else note("bad", answer.error || form.dataset.lost);
      }
    };
    const later = (pause, lost = false) => {
      clearTimeout(timer);
      timer = setTimeout(() => { running = running.then(() => save(lost)); }, pause);
    };
    const touched = (event) => {
      if (!event.target.name) return;
      dirty = true;
      later(PAUSE);
    };
    form.addEventListener("input", touched);
    form.addEventListener("change", touched);
    addEventListener("online", () => later(0, true));
    form.addEventListener("submit", (event) => {
      if (navigator.onLine === false) {
        event.preventDefault();
        dirty = true;
        later(0);
        return;
      }
      clearTimeout(timer);
      dirty = false;
      stopped = true;
      if (["add", "remove", "move", "use"].includes((event.submitter || {}).name)) {
        sessionStorage.setItem("place", JSON.stringify([location.pathname, scrollY]));
      } else {
        store.keep(key, { address: form.dataset.autosave, body: body() });
      }
    });
    addEventListener("pageshow", (event) => { if (event.persisted) stopped = false; });
    addEventListener("pagehide", () => {
      if (!dirty || stopped) return;
      store.keep(key, { address: form.dataset.autosave, body: body() });
      navigator.sendBeacon(form.dataset.autosave, new URLSearchParams(new FormData(form)));
    });

    // What an earlier visit could not send is sent now; the page then shows it.
    const restore = async () => {
      const owner = `${key.split("/")[0]}/`;
      for (const [name, entry] of store.entries().filter(([name]) => name.startsWith(owner))) {
        const text = new URLSearchParams(entry.body);
        text.set("csrf_token", form.csrf_token.value);
        const response = await post(entry.address, text.toString()).catch(() => null);
        if (!response || response.status >= 500) continue;
        if (response.status === 409) {
          const answer = await response.json();
          if (name === key) clash(answer.error, form.action, key, text.toString());
          continue;
        }
        store.forget(name);
        if (response.ok && (await response.json()).changed && name === key && !dirty) location.reload();
      }
    };
    running = restore();
  }

  // A row was added or moved: the page is new, but the reader's place in it is the old one.
  const [path, top] = JSON.parse(sessionStorage.getItem("place") || "[]");
  if (path === location.pathname) {
    sessionStorage.removeItem("place");
    wait(0).then(() => {
      scrollTo(0, top);
      const fresh = one("[autofocus]");
      if (fresh) { fresh.focus({ preventScroll: true }); fresh.scrollIntoView({ block: "nearest" }); }
    });
  }

  // A reason from the list is put into the comment, where it can be changed.
  all("select[data-reasons]").forEach((select) => {
    const text = document.getElementById(select.dataset.reasons);
    select.addEventListener("change", () => {
      if (select.value) text.value = [text.value.trim(), select.value].filter(Boolean).join("\n\n");
      text.focus();
    });
  });
})();
