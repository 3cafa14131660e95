// Whoever is about to leave a step with something that is not saved is asked first.
(() => {
  const form = document.querySelector("[data-unsaved]");
  if (!form) return;
  const state = () => JSON.stringify([...new FormData(form)]);
  const before = form.dataset.unsaved ? "" : state();
  let isSent = false;
  form.addEventListener("submit", () => {
    isSent = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!isSent && state() !== before) event.preventDefault();
  });
})();
