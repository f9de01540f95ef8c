// Before anything is drawn, so that no page flashes in the wrong colours.
(function () {
  try {
    var chosen = localStorage.getItem("tarn-theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch (e) { /* storage may be forbidden: the system decides then */ }
})();
