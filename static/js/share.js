// The Share menu: copy the address of a page, print it.

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
  document.getElementById("status").textContent = "Copied";
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = "Copy"), 2000);
});
