// Chapters move the film that is on the page. Without this each of them opens the film where it begins.
document.addEventListener("click", event => {
  const link = event.target.closest("[data-seek]"), screen = document.getElementById("screen");
  if (!link || !screen || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  screen.currentTime = Number(link.dataset.seek);
  screen.play();
});
