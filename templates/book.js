(function () {
  "use strict";
  var form = document.getElementById("search"), field = document.getElementById("q"), told = document.getElementById("found");
  var articles = Array.prototype.map.call(document.querySelectorAll("article.rule"), function (article) {
    return { article: article, text: article.textContent.toLowerCase() };
  });
  var sections = Array.prototype.slice.call(document.querySelectorAll("section.standard"));
  var waiting = 0;
  function search() {
    var words = field.value.toLowerCase().split(/\s+/).filter(Boolean), shown = 0;
    articles.forEach(function (one) {
      var fits = words.every(function (word) { return one.text.indexOf(word) >= 0; });
      one.article.hidden = !fits;
      if (fits) { shown += 1; }
    });
    sections.forEach(function (section) { section.hidden = words.length > 0 && !section.querySelector("article.rule:not([hidden])"); });
    told.textContent = words.length === 0 ? "" : shown === 0 ? "Nothing found. Use fewer or shorter words." : shown + (shown === 1 ? " rule" : " rules") + " found";
  }
  field.addEventListener("input", function () { clearTimeout(waiting); waiting = setTimeout(search, 150); });
  form.addEventListener("submit", function (event) { event.preventDefault(); search(); });
  form.hidden = false;
}());
