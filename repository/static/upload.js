// Files are sent as soon as they are chosen, in pieces (tus 1.0): they go on where they broke off,
// after a pause, after the connection was lost, and in a new page when the same file is chosen again.
// The plain form sends the same files without this.
(() => {
  "use strict";
  const KB = 2 ** 10;
  const MB = 2 ** 20;
  const SMALL = 4 * MB; // is sent at once where there is no draft yet
  const LEAST = 256 * KB; // a piece
  const MOST = 8 * MB;
  const QUICK = 2000; // ms: pieces that are faster than this grow, those slower than SLOW shrink
  const SLOW = 10000;
  const PATIENCE = 90000; // without an answer
  const LAST = 900000; // to the last piece: then the whole file is looked at
  const PAUSES = [1, 2, 4, 8, 15, 30]; // s between tries

  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const make = (tag, properties, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };
  const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
  const encoded = (text) => base64(new TextEncoder().encode(text));
  // What a file is known by when it is chosen again.
  const markOf = (file) => [...`${file.lastModified} ${file.name}`].slice(0, 100).join("");

  // What went wrong. `stop`: trying again by itself would not help; `gone`: begin anew.
  class Problem extends Error {
    constructor(text = "", { stop = false, gone = false, again = false, after = 0 } = {}) {
      super(text);
      Object.assign(this, { stop, gone, again, after });
    }
  }

  // One request; its answer, or a Problem.
  const ask = async (words, token, method, address, { headers = {}, body, patience = PATIENCE, controller } = {}) => {
    const clock = setTimeout(() => controller.abort(), patience);
    let answer;
    try {
      answer = await fetch(address, {
        method, body, redirect: "manual", signal: controller.signal,
        headers: { "Tus-Resumable": "1.0.0", "X-CSRFToken": token, Accept: "application/json", ...headers },
      });
    } catch { throw new Problem(); } finally { clearTimeout(clock); }
    if (answer.ok) return answer;
    const { status } = answer;
    if (status === 0 || status === 401) throw new Problem(words.signedOut, { stop: true, again: true });
    if (method !== "POST" && (status === 404 || status === 410)) throw new Problem("", { gone: true });
    const said = (await answer.json().catch(() => ({}))).error || words.failed;
    if (status === 507 || status === 400) throw new Problem(said, { stop: true, again: true });
    if (status === 423 || status === 429 || status === 460 || status >= 500 || (status === 409 && method === "PATCH")) {
      throw new Problem(said, { after: Number(answer.headers.get("Retry-After")) || 0 });
    }
    throw new Problem(said, { stop: true });
  };

  // One file on its way, and its line on the page.
  class Transfer {
    constructor(form, file, { address = "", here = 0 } = {}) {
      Object.assign(this, { form, file, address, here, words: form.dataset, state: "queued", size: 2 * LEAST });
      this.unsure = Boolean(address);
      this.controller = new AbortController();
      this.text = make("span", {});
      this.bar = make("progress", { max: file.size, value: here });
      this.bar.setAttribute("aria-label", file.name);
      this.pause = this.button("pause", () => (["paused", "failed"].includes(this.state) ? this.goOn() : this.stop()));
      this.remove = this.button("remove", () => this.drop());
      this.trouble = make("div", {});
      this.line = make("li", {}, make("p", {}, make("strong", { textContent: file.name }), this.text), this.bar,
        this.trouble, make("p", { className: "tools" }, this.pause, this.remove));
      this.say(this.words.queued);
    }

    button(name, act) {
      const made = make("button", { type: "button", className: "small" });
      made.addEventListener("click", act);
      this.name(made, name);
      return made;
    }

    name(button, name) {
      button.replaceChildren(this.words[name], make("span", { className: "hidden", textContent: ` ${this.file.name}` }));
    }

    say(text, number) {
      this.text.textContent = text.replace("{n}", number);
      this.bar.value = this.here;
    }

    percent() { return Math.floor((100 * this.here) / this.file.size); }

    become(state) {
      this.state = state;
      const still = state === "paused" || state === "failed";
      this.name(this.pause, still ? "goOn" : "pause");
      this.pause.hidden = state === "arrived" || (state === "failed" && !this.again);
      this.remove.hidden = state === "arrived";
      if (state === "sending") this.trouble.replaceChildren();
      if (state === "arrived") this.say(this.words.arrived);
      if (state === "paused") this.say(this.words.paused, this.percent());
      if (state !== "queued") this.form.announce(`${this.file.name}: ${this.text.textContent}`);
    }

    ask(method, address, more = {}) {
      this.controller = new AbortController();
      return ask(this.words, this.form.element.csrf_token.value, method, address, { ...more, controller: this.controller });
    }

    async begin() {
      const metadata = `filename ${encoded(this.file.name)},mark ${encoded(markOf(this.file))}`;
      const answer = await this.ask("POST", await this.form.pieces(), {
        headers: { "Upload-Length": String(this.file.size), "Upload-Metadata": metadata },
      });
      this.address = answer.headers.get("Location");
      this.here = 0;
    }

    async look() {
      const answer = await this.ask("HEAD", this.address, { patience: LAST });
      this.here = Number(answer.headers.get("Upload-Offset"));
    }

    async piece() {
      const end = Math.min(this.here + this.size, this.file.size);
      const body = await this.file.slice(this.here, end).arrayBuffer()
        .catch(() => { throw new Problem(this.words.spoiled, { stop: true }); });
      const headers = { "Upload-Offset": String(this.here), "Content-Type": "application/offset+octet-stream" };
      if (window.crypto && crypto.subtle) {
        headers["Upload-Checksum"] = `sha256 ${base64(new Uint8Array(await crypto.subtle.digest("SHA-256", body)))}`;
      }
      if (this.stopping) throw new Problem();
      const last = end === this.file.size;
      this.say(last ? this.words.reading : this.words.percent, this.percent());
      const began = performance.now();
      const answer = await this.ask("PATCH", this.address, { headers, body, patience: last ? LAST : PATIENCE });
      this.here = Number(answer.headers.get("Upload-Offset"));
      const took = performance.now() - began;
      if (took < QUICK) this.size = Math.min(MOST, this.size * 2);
      if (took > SLOW) this.size = Math.max(LEAST, this.size / 2);
      this.say(this.words.percent, this.percent());
      this.tries = 0;
    }

    async run() {
      Object.assign(this, { stopping: false, tries: 0, again: false });
      this.say(this.words.percent, this.percent());
      this.become("sending");
      while (this.state === "sending") {
        try {
          if (!this.address) await this.begin();
          else if (this.unsure) await this.look();
          this.unsure = false;
          while (this.here < this.file.size) await this.piece();
          this.become("arrived");
        } catch (problem) {
          if (!(problem instanceof Problem)) throw problem;
          await this.met(problem);
        }
      }
    }

    async met(problem) {
      this.unsure = true;
      this.size = Math.max(LEAST, this.size / 2);
      if (this.stopping) return this.become("paused");
      if (problem.gone && !this.anew) {
        Object.assign(this, { anew: true, address: "", here: 0 });
        return undefined;
      }
      if (problem.stop || problem.gone) return this.fail(problem);
      return this.wait(Math.max(problem.after, PAUSES[Math.min(this.tries++, PAUSES.length - 1)]));
    }

    fail(problem) {
      this.again = problem.again;
      this.trouble.replaceChildren(make("p", { className: "error", role: "alert", textContent: problem.message || this.words.failed }));
      this.say("");
      this.become("failed");
    }

    // Waits before the next try, no longer than until the connection is back.
    async wait(seconds) {
      this.say(this.words.lost, seconds);
      if (this.tries === 1) this.form.announce(`${this.file.name}: ${this.text.textContent}`);
      await new Promise((done) => {
        const clock = setTimeout(done, seconds * 1000);
        this.wake = () => { clearTimeout(clock); done(); };
        addEventListener("online", this.wake, { once: true });
      });
      removeEventListener("online", this.wake);
      if (this.stopping) this.become("paused");
    }

    stop() {
      this.stopping = true;
      if (this.state === "queued") this.become("paused");
      this.controller.abort();
      if (this.wake) this.wake();
    }

    goOn() {
      this.become("queued");
      this.say(this.words.queued);
      this.form.next();
    }

    drop() {
      this.stop();
      if (this.address) {
        ask(this.words, this.form.element.csrf_token.value, "DELETE", this.address, { controller: new AbortController() }).catch(() => {});
      }
      this.form.forget(this);
    }
  }

  // A form with a field for files, and the files that it sends, one after the other.
  class Form {
    constructor(element) {
      Object.assign(this, { element, dataset: element.dataset, transfers: [] });
      this.input = one("input[type=file]", element);
      this.list = make("ul", { className: "transfers", hidden: true });
      this.voice = make("p", { className: "hidden", role: "status" });
      this.input.closest(".field").after(this.list, this.voice);
      this.input.addEventListener("change", () => this.chosen());
      this.unfinished();
    }

    announce(text) { this.voice.textContent = text; }

    // What broke off in an earlier page, and waits for its file.
    unfinished() {
      this.waiting = all("[data-unfinished] li", this.element);
      const section = one("[data-unfinished]", this.element);
      if (section) section.hidden = false;
      for (const line of this.waiting) {
        one("[data-choose]", line).addEventListener("click", () => this.input.click());
        one("[data-forget]", line).addEventListener("click", () => this.discard(line));
      }
    }

    async discard(line) {
      try {
        await ask(this.dataset, this.element.csrf_token.value, "DELETE", line.dataset.address, { controller: new AbortController() });
      } catch (problem) {
        if (!problem.gone) return this.complain(problem.message || this.dataset.failed);
      }
      this.taken(line);
      return this.input.focus();
    }

    taken(line) {
      line.remove();
      if (!one("[data-unfinished] li", this.element)) one("[data-unfinished]", this.element).hidden = true;
    }

    known(file) {
      const line = this.waiting.find((found) => found.isConnected
        && Number(found.dataset.size) === file.size && found.dataset.mark === markOf(file));
      if (!line) return {};
      this.taken(line);
      return { address: line.dataset.address, here: Number(line.dataset.here) };
    }

    complain(text) {
      all(".field .error", this.element).forEach((error) => error.remove());
      this.input.setAttribute("aria-invalid", "true");
      this.input.after(make("p", { className: "error", role: "alert", textContent: text }));
    }

    chosen() {
      const files = [...this.input.files];
      if (!files.length) return;
      all(".field .error", this.element).forEach((error) => error.remove());
      this.input.removeAttribute("aria-invalid");
      if (files.some((file) => file.size > Number(this.dataset.limit))) {
        this.input.value = "";
        this.complain(this.dataset.tooLarge);
      } else if (this.dataset.place && !this.number && files.every((file) => file.size <= SMALL)) {
        this.whole(files);
      } else {
        this.add(files);
      }
    }

    add(files) {
      this.input.value = ""; // the plain form must not send them once more
      for (const file of files) {
        const transfer = new Transfer(this, file, this.known(file));
        this.transfers.push(transfer);
        this.list.append(transfer.line);
      }
      this.list.hidden = false;
      this.next();
    }

    async next() {
      const busy = this.transfers.some((one_) => one_.state === "sending");
      const transfer = !busy && this.transfers.find((one_) => one_.state === "queued");
      this.hold(busy || Boolean(transfer));
      if (transfer) {
        await transfer.run();
        this.next();
      } else if (!busy && this.transfers.length && this.transfers.every((one_) => one_.state === "arrived")) {
        location.assign(this.at(this.dataset.next));
      }
    }

    forget(transfer) {
      this.transfers = this.transfers.filter((other) => other !== transfer);
      transfer.line.remove();
      this.list.hidden = !this.transfers.length;
      this.input.focus();
      this.next();
    }

    hold(held) {
      all("button[type=submit], button[name=remove]", this.element).forEach((button) => { button.disabled = held; });
    }

    at(address) { return this.number ? address.replace("/0/", `/${this.number}/`) : address; }

    // Where uploads begin. On the first page a draft is made for them; from then on this page has
    // the draft's address, so that it is found there again.
    async pieces() {
      if (this.dataset.place && !this.number) {
        const body = new URLSearchParams({ csrf_token: this.element.csrf_token.value });
        const answer = await fetch(this.element.action, { method: "POST", body }).catch(() => { throw new Problem(); });
        const found = /\/deposit\/(\d+)\//.exec(new URL(answer.url).pathname);
        if (!answer.ok || !found) throw new Problem(this.dataset.signedOut, { stop: true, again: true });
        [, this.number] = found;
        history.replaceState(null, "", this.at(this.dataset.place));
      }
      return this.at(this.dataset.pieces);
    }

    // Small files of a work that is only being begun: a request each, as the plain form does it.
    async whole(files) {
      const label = make("strong", {});
      const bar = make("progress", {});
      const shown = make("div", { className: "progress sending", role: "status" }, make("p", {}, label), bar);
      this.list.before(shown);
      this.hold(true);
      this.input.disabled = true;
      try {
        let next = location.href;
        for (const file of files) {
          label.textContent = `${this.dataset.sending}: ${file.name}`;
          next = await this.send(file, bar);
        }
        label.textContent = this.dataset.reading;
        bar.removeAttribute("value");
        location.assign(next);
      } catch (error) {
        shown.remove();
        this.hold(false);
        this.input.disabled = false;
        this.input.value = "";
        this.complain(typeof error === "string" ? error : this.dataset.failed);
      }
    }

    send(file, bar) {
      return new Promise((done, fail) => {
        const request = new XMLHttpRequest();
        request.open("POST", `${this.element.action}?name=${encodeURIComponent(file.name)}`);
        request.responseType = "json";
        request.setRequestHeader("Content-Type", "application/octet-stream");
        request.setRequestHeader("Accept", "application/json");
        request.setRequestHeader("X-CSRFToken", this.element.csrf_token.value);
        request.upload.addEventListener("progress", (event) => {
          if (event.lengthComputable) Object.assign(bar, { max: event.total, value: event.loaded });
        });
        request.addEventListener("load", () => (request.status < 300 && request.response
          ? done(request.response.next)
          : fail(request.response && request.response.error)));
        request.addEventListener("error", () => fail());
        request.send(file);
      });
    }
  }

  all("form[data-upload]").forEach((element) => new Form(element));
})();
