// Pictures can be dragged to their place; the order is saved at once. The buttons do the same.
(() => {
  const form = document.querySelector("[data-pictures]");
  const list = form?.querySelector("[data-list]");
  if (!list) return;
  const status = form.querySelector("[data-status]");
  const rows = () => [...list.querySelectorAll("[data-picture]")];
  const order = () => rows().map((row) => row.querySelector('[name="order"]').value).join();

  const number = () => {
    for (const [index, row] of rows().entries()) {
      for (const place of row.querySelectorAll("[data-number]")) place.textContent = index + 1;
      row.querySelector('[value^="up-"]').disabled = index === 0;
      row.querySelector('[value^="down-"]').disabled = index === rows().length - 1;
    }
  };

  const save = async () => {
    const fields = new FormData(form);
    fields.delete("images");
    status.textContent = "Saving …";
    try {
      const response = await fetch(form.action, { method: "POST", body: fields });
      // Who is logged out meanwhile is sent to another page.
      if (!response.ok || new URL(response.url).pathname !== location.pathname) {
        throw new Error(response.statusText);
      }
      status.textContent = "The new order is saved.";
    } catch {
      status.textContent = "The new order is not saved yet: press “Save order and descriptions”.";
    }
  };

  const middle = (row) => {
    const box = row.getBoundingClientRect();
    return box.top + box.height / 2;
  };

  // The others move around it: a row that left the document would lose the pointer.
  const moveTo = (dragged, y) => {
    const { nextElementSibling: next, previousElementSibling: previous } = dragged;
    if (next && y > middle(next)) list.insertBefore(next, dragged);
    else if (previous && y < middle(previous)) list.insertBefore(previous, next);
  };

  for (const handle of list.querySelectorAll("[data-handle]")) {
    const row = handle.closest("[data-picture]");
    let before = "";
    handle.hidden = false;
    handle.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      before = order();
      handle.setPointerCapture(event.pointerId);
      row.classList.add("is-dragged");
    });
    handle.addEventListener("pointermove", (event) => {
      if (row.classList.contains("is-dragged")) moveTo(row, event.clientY);
    });
    const drop = () => {
      if (!row.classList.contains("is-dragged")) return;
      row.classList.remove("is-dragged");
      number();
      if (order() !== before) save();
    };
    handle.addEventListener("pointerup", drop);
    handle.addEventListener("pointercancel", drop);
  }
})();
