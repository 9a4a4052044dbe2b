// Buttons that copy what stands in a part of the page. Without this they stay hidden: words can be marked by hand.
for (const button of document.querySelectorAll("[data-copy]")) {
  const words = document.getElementById(button.dataset.copy);
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(words.dataset.whole || words.innerText.trim());
      button.textContent = button.dataset.done;
    } catch {
      getSelection().selectAllChildren(words);
    }
  });
}
