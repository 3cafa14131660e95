// A form at the door whose answer did not come is sent once more, as a page of its own: so whoever
// stands there sees what is wrong. Nobody is checked in twice by that, as the form has a key.
for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, (event) => event.detail.elt.submit());
}
