// Suggestions below a search box as someone types: the combobox pattern of the ARIA Authoring
// Practices. The server writes the options; without this the box is a plain field of its form.
(() => {
  const PAUSE = 150; // milliseconds without a key before the server is asked
  const SHORTEST = 2;
  // What another filter takes the place of: the text that named it, and where in its list one was.
  const REPLACED = ["q", "said", "exact", "after", "before", "month"];
  const PLACES = ["location", "near", "radius"];
  const boxes = new WeakMap();

  class SearchBox {
    constructor(root) {
      this.root = root;
      this.input = root.querySelector("input");
      this.list = root.querySelector("[role=listbox]");
      this.status = root.querySelector("[role=status]");
      this.active = null;
      this.request = null;
      this.timer = null;
      this.askAgainAt = 0;
      const attributes = {
        role: "combobox",
        autocomplete: "off",
        "aria-autocomplete": "list",
        "aria-expanded": "false",
        "aria-controls": this.list.id,
      };
      for (const [name, value] of Object.entries(attributes)) this.input.setAttribute(name, value);
      this.list.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus
      this.list.addEventListener("click", (event) => {
        const option = event.target.closest("[role=option]");
        if (option) this.choose(option);
      });
    }

    get text() {
      return this.input.value.trim();
    }

    // One letter says too little, one character of Chinese does not.
    get isLongEnough() {
      return this.text.length >= SHORTEST || /[^\0-\x7f]/.test(this.text);
    }

    get options() {
      return [...this.list.querySelectorAll("[role=option]")];
    }

    get isOpen() {
      return !this.list.hidden;
    }

    typed() {
      this.forget();
      this.activate(null);
      if (!this.isLongEnough) this.close();
      else this.timer = window.setTimeout(() => this.ask(), PAUSE);
    }

    forget() {
      window.clearTimeout(this.timer);
      this.request?.abort();
    }

    async ask() {
      if (Date.now() < this.askAgainAt) return;
      const request = new AbortController();
      this.request = request;
      const text = this.text;
      try {
        const query = new URLSearchParams({ q: text });
        const response = await fetch(`${this.root.dataset.suggestUrl}?${query}`, {
          signal: request.signal,
        });
        const answer = response.ok ? await response.text() : "";
        if (!response.ok) this.rest(response.headers.get("Retry-After"));
        if (request !== this.request || text !== this.text) return;
        this.list.dataset.text = text;
        this.show(answer, response.ok);
      } catch (error) {
        // Offline, or something newer was typed: the box goes on as a plain field.
        if (error.name !== "AbortError") this.close();
      }
    }

    rest(seconds) {
      this.askAgainAt = Date.now() + (Number(seconds) || 5) * 1000;
    }

    show(answer, isAnswered) {
      const fragment = new DOMParser().parseFromString(answer, "text/html");
      this.list.replaceChildren(...fragment.body.children);
      const { options } = this;
      options.forEach((option, number) => {
        option.id = `${this.list.id}-${number}`;
      });
      if (document.activeElement !== this.input || options.length === 0) this.close();
      else this.open();
      if (isAnswered) this.say(options.length);
    }

    say(count) {
      this.status.textContent = count === 1 ? "1 suggestion" : `${count || "No"} suggestions`;
    }

    open() {
      this.list.hidden = false;
      this.input.setAttribute("aria-expanded", "true");
    }

    close() {
      this.forget();
      this.activate(null);
      this.list.hidden = true;
      this.input.setAttribute("aria-expanded", "false");
      this.status.textContent = "";
    }

    activate(option) {
      this.active?.setAttribute("aria-selected", "false");
      this.active = option;
      if (option) {
        option.setAttribute("aria-selected", "true");
        this.input.setAttribute("aria-activedescendant", option.id);
        option.scrollIntoView({ block: "nearest" });
      } else {
        this.input.removeAttribute("aria-activedescendant");
      }
    }

    // The field itself stands between the last option and the first. What someone chooses among
    // stays, also where an answer to their last letters is still to come.
    step(by) {
      this.forget();
      const stops = [null, ...this.options];
      const next = (stops.indexOf(this.active) + by + stops.length) % stops.length;
      this.activate(stops[next]);
    }

    choose(option) {
      this.close();
      window.location.assign(option.dataset.url ?? this.addressWith(option.dataset));
    }

    addressWith({ filter, value }) {
      const { form } = this.input;
      const query = new URLSearchParams();
      const replaced = filter === "city" ? [...REPLACED, ...PLACES] : REPLACED;
      for (const [name, given] of new FormData(form)) {
        if (given.trim() && name !== filter && !replaced.includes(name)) query.append(name, given);
      }
      query.set(filter, value);
      return `${form.action}?${query}`;
    }

    press(event) {
      switch (event.key) {
        case "ArrowDown":
        case "ArrowUp":
          if (!this.isOpen) this.reopen();
          else this.step(event.key === "ArrowDown" ? 1 : -1);
          break;
        case "Enter":
          if (!this.active) return;
          this.choose(this.active);
          break;
        case "Escape":
          if (!this.isOpen) return;
          this.close();
          break;
        case "Tab":
          this.close();
          return;
        default:
          // Belongs to the field: Home and End, say, move its cursor.
          if (event.key !== "Shift") this.activate(null);
          return;
      }
      event.preventDefault();
    }

    reopen() {
      if (!this.isLongEnough) return;
      if (this.options.length > 0 && this.list.dataset.text === this.text) this.open();
      else this.ask();
    }
  }

  const boxOf = (target) => {
    const root = target.closest?.("[data-search-box]");
    if (!root || target !== root.querySelector("input")) return null;
    if (!boxes.has(root)) boxes.set(root, new SearchBox(root));
    return boxes.get(root);
  };

  // On the document, as htmx puts new boxes in the place of old ones. While someone composes a
  // letter of Chinese or Japanese, keys choose among its candidates.
  document.addEventListener("focusin", (event) => boxOf(event.target));
  document.addEventListener("focusout", (event) => boxOf(event.target)?.close());
  document.addEventListener("input", (event) => {
    if (!event.isComposing) boxOf(event.target)?.typed();
  });
  document.addEventListener("compositionend", (event) => boxOf(event.target)?.typed());
  document.addEventListener("keydown", (event) => {
    if (!event.isComposing && event.keyCode !== 229) boxOf(event.target)?.press(event);
  });
  document.addEventListener("submit", (event) => {
    for (const root of event.target.querySelectorAll("[data-search-box]")) boxes.get(root)?.close();
  });
})();
