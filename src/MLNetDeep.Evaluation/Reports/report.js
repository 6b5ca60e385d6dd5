(function () {
  "use strict";
  var slider = document.getElementById("threshold");
  if (!slider) return;
  var points = JSON.parse(document.getElementById("threshold-points").textContent);
  function show() {
    var point = points[+slider.value];
    Object.keys(point).forEach(function (name) {
      var cell = document.getElementById("at-" + name);
      if (cell) cell.textContent = point[name];
    });
    slider.setAttribute("aria-valuetext", "threshold " + point.threshold + ", precision " + point.precision + ", recall " + point.recall);
  }
  slider.addEventListener("input", show);
  show();
})();
