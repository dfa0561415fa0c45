"use strict";
(() => {
  const all = (root, selector) => [...root.querySelectorAll(selector)];

  // Click on the head of a column: sort its table, a second time the other way round.
  const factors = { us: 1e-6, ms: 1e-3, s: 1, min: 60, "%": 0.01, kB: 1e3, MB: 1e6, GB: 1e9 };
  const value = (cell) => {
    const text = cell ? cell.textContent.trim() : "";
    const found = /^[<>]?\s*([+−-]?[\d.]+)\s*([A-Za-z%]*)/.exec(text);
    if (!found) return [1, text];
    return [0, Number(found[1].replace("−", "-")) * (factors[found[2]] || 1)];
  };
  const compare = (a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0);
  for (const table of all(document, ".scroll > table").filter((table) => !table.closest("details"))) {
    all(table, "thead th").forEach((head, at) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      button.title = "Sort by this column";
      if (!head.textContent) return;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        all(table, "thead th").forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const body = table.tBodies[0];
        const rows = [...body.rows].map((row) => [value(row.cells[at]), row]);
        rows.sort((a, b) => (down ? compare(b[0], a[0]) : compare(a[0], b[0])));
        body.append(...rows.map((row) => row[1]));
      });
    });
  }

  for (const figure of all(document, "figure")) {
    const svg = figure.querySelector("svg");
    if (!svg) continue;

    // Show and hide what was recorded before.
    if (svg.querySelector(".s-base[stroke-dasharray]") && figure.querySelector("tr[data-x], details")) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "Dashed lines";
      button.setAttribute("aria-pressed", "true");
      button.addEventListener("click", () => {
        const hidden = svg.classList.toggle("no-base");
        button.setAttribute("aria-pressed", String(!hidden));
      });
      figure.querySelector(".scroll").after(button);
    }

    // Below a chart over time: the row of its data at the pointer.
    const rows = all(figure, "tr[data-x]");
    if (rows.length) {
      const names = all(figure, "thead th").map((head) => head.textContent);
      const places = rows.map((row) => Number(row.dataset.x));
      const output = document.createElement("output");
      figure.querySelector(".scroll").after(output);
      const show = (event) => {
        const box = svg.getBoundingClientRect();
        const x = ((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
        let near = 0;
        places.forEach((place, at) => {
          if (Math.abs(place - x) < Math.abs(places[near] - x)) near = at;
        });
        const cells = [...rows[near].cells];
        output.textContent = cells.map((cell, at) => names[at] + " " + cell.textContent).join(" · ");
      };
      svg.addEventListener("pointermove", show);
      svg.addEventListener("pointerleave", () => (output.textContent = ""));
    }
  }

  // Paper has no details to open.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = all(document, "details:not([open])");
    opened.forEach((details) => (details.open = true));
  });
  addEventListener("afterprint", () => opened.forEach((details) => (details.open = false)));
})();
