// Share: copy an address, print the page.

document.addEventListener("click", async (event) => {
  if (event.target.closest("[data-print]")) {
    event.target.closest("details")?.removeAttribute("open");
    window.print();
  }
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    document.execCommand("copy"); // over plain HTTP
  }
  const before = button.textContent;
  document.getElementById("status").textContent = button.textContent = button.dataset.copied;
  if (before !== button.textContent) setTimeout(() => (button.textContent = before), 2000);
});
