// A print button: the same dialog as the browser's own.
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-print]")) window.print();
});
