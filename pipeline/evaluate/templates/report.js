// Filters the errors: a case is shown where it fits all that is chosen.
"use strict";
(() => {
  const form = document.getElementById("filters");
  if (!form) return;
  const output = form.querySelector("output");
  const found = Array.from(document.querySelectorAll(".case"), (node) => ({
    node,
    causes: node.dataset.causes.split("|"),
    type: node.dataset.type,
    article: node.dataset.article,
    text: node.textContent.toLowerCase(),
  }));
  const apply = () => {
    const { cause, type, article, words } = Object.fromEntries(new FormData(form));
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const each of found) {
      const fits =
        (!cause || each.causes.includes(cause)) &&
        (!type || each.type === type) &&
        (!article || each.article === article) &&
        wanted.every((word) => each.text.includes(word));
      each.node.hidden = !fits;
      shown += fits;
    }
    output.textContent = shown === found.length ? `${shown} shown` : `${shown} of ${found.length} shown`;
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  apply();
})();
