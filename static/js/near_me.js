// "Near me": asks the browser where it is, on a click only, and takes that to a kilometre.
(() => {
  const REASONS = {
    1: "Your browser did not tell us where you are: allow it for this site, or",
    2: "Your browser does not know where you are: try again later, or",
    3: "To find out where you are took too long: try again, or",
  };
  const canAsk = "geolocation" in navigator && window.isSecureContext;

  const offer = () => {
    for (const button of document.querySelectorAll("[data-locate]")) button.hidden = !canAsk;
  };

  const goTo = ({ coords }) => {
    const query = new URLSearchParams(window.location.search);
    for (const name of ["after", "before", "said", "city", "location"]) query.delete(name);
    query.set("near", `${coords.latitude.toFixed(2)},${coords.longitude.toFixed(2)}`);
    query.set("sort", "distance");
    window.location.assign(`${window.location.pathname}?${query}`);
  };

  const say = (output, text) => {
    const link = document.createElement("a");
    link.href = "#facet-city";
    link.textContent = "choose a city";
    output.replaceChildren(`${text} `, link, ".");
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-locate]");
    if (!button) return;
    const output = document.querySelector("[data-locate-status]");
    button.disabled = true;
    output.textContent = "Asking your browser where you are …";
    navigator.geolocation.getCurrentPosition(
      goTo,
      (error) => {
        button.disabled = false;
        button.focus();
        say(output, REASONS[error.code]);
      },
      { timeout: 10000, maximumAge: 600000 },
    );
  });

  document.addEventListener("htmx:afterSettle", offer);
  offer();
})();
