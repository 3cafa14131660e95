// A search that changes in place: htmx swaps #search for that of the next page, whose links and form
// work by themselves as well. This keeps what a swap would lose: open parts, the focus, the news.
(() => {
  const part = () => document.getElementById("search");
  const title = () => document.getElementById("results-title");
  const status = document.getElementById("search-status");
  const problem = document.getElementById("search-problem");
  let before = { open: new Map(), key: null };

  const wide = window.matchMedia("(min-width: 60rem)");

  const openOnWideScreens = () => {
    if (wide.matches) part().querySelector("details.filters").open = true;
  };

  const remember = () => {
    const parts = [...part().querySelectorAll("details[data-keep]")];
    const focused = document.activeElement?.closest("#search [data-key]");
    before = {
      open: new Map(parts.map((details) => [details.dataset.keep, details.open])),
      key: focused?.dataset.key,
    };
  };

  const restore = () => {
    for (const details of part().querySelectorAll("details[data-keep]")) {
      const wasOpen = before.open.get(details.dataset.keep);
      if (wasOpen !== undefined) details.open = wasOpen;
    }
    const same = before.key && part().querySelector(`[data-key="${CSS.escape(before.key)}"]`);
    if (same) {
      same.focus({ preventScroll: true });
      status.textContent = title().textContent;
      return;
    }
    title().focus({ preventScroll: true });
    const { top, bottom } = title().getBoundingClientRect();
    if (top < 0 || bottom > window.innerHeight) title().scrollIntoView({ block: "start" });
  };

  // Empty fields say nothing: addresses are for people too. A new place takes that of an old one.
  const tidy = (values, form) => {
    const place = form.elements.namedItem("location");
    if (place?.value.trim() && place.value !== place.defaultValue) {
      for (const name of ["city", "near", "radius"]) values.delete(name);
    }
    if (["date_from", "date_to"].some((name) => isChanged(form, name))) {
      for (const name of ["when", "date", "month"]) values.delete(name);
    }
    for (const [name, value] of [...values.entries()]) {
      if (!value.trim()) values.delete(name);
    }
  };

  const isChanged = (form, name) => {
    const field = form.elements.namedItem(name);
    return field && field.value !== field.defaultValue;
  };

  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt.id === "search-form") tidy(event.detail.formData, event.detail.elt);
  });

  document.addEventListener("htmx:beforeRequest", () => {
    problem.hidden = true;
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id === "search") remember();
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "search") restore();
  });

  // The page itself says best what is wrong.
  document.addEventListener("htmx:responseError", (event) => {
    window.location.assign(event.detail.pathInfo.finalRequestPath);
  });

  document.addEventListener("htmx:sendError", () => {
    problem.hidden = false;
    problem.scrollIntoView({ block: "center" });
  });

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-submits]")) return;
    event.target.focus({ preventScroll: true });
    event.target.form.requestSubmit();
  });

  // "#facet-city" may be inside of what is closed.
  document.addEventListener("click", (event) => {
    const link = event.target.closest('#search a[href^="#"]');
    const target = link && document.getElementById(link.getAttribute("href").slice(1));
    for (let details = target?.closest("details"); details; details = details.parentElement.closest("details")) {
      details.open = true;
    }
  });

  wide.addEventListener("change", openOnWideScreens);
  openOnWideScreens();
})();
