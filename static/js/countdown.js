// Counts down the time that a hold still has. Without it the page shows the minutes at loading.
// Seconds come from the server and run on a monotonic clock, so that a wrong clock does no harm.
for (const box of document.querySelectorAll("[data-seconds-left]")) {
  const deadline = performance.now() + Number(box.dataset.secondsLeft) * 1000;
  const output = box.querySelector("[data-countdown]");
  const show = () => {
    const seconds = Math.max(0, Math.round((deadline - performance.now()) / 1000));
    if (seconds === 0) {
      window.clearInterval(timer);
      box.querySelector("p").textContent =
        "The time has run out. Send the form all the same: you choose again, and nothing typed is lost.";
      return;
    }
    output.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} minutes`;
  };
  const timer = window.setInterval(show, 1000);
  show();
}
