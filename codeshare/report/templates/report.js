// Words for the pointer and the arrow keys: what a mark's data-tip says. Nothing else depends on scripts.
(() => {
  "use strict";
  const tip = document.getElementById("tip");
  const gap = 14;
  let shown = null;

  const hide = () => {
    tip.hidden = true;
    if (shown) shown.classList.remove("at");
    shown = null;
  };

  const show = (mark, x, y) => {
    if (mark !== shown) {
      hide();
      tip.textContent = mark.dataset.tip;
      tip.hidden = false;
      shown = mark;
    }
    const box = tip.getBoundingClientRect();
    const left = Math.min(x + gap, document.documentElement.clientWidth - box.width - 8);
    const top = y - box.height - gap > 4 ? y - box.height - gap : y + gap;
    // Setting properties one by one is what the page's policy allows.
    tip.style.left = `${Math.max(8, left) + window.scrollX}px`;
    tip.style.top = `${top + window.scrollY}px`;
  };

  document.addEventListener("pointermove", (event) => {
    const mark = event.target instanceof Element ? event.target.closest(".chart path[data-tip]") : null;
    if (mark) show(mark, event.clientX, event.clientY);
    else if (shown && !shown.classList.contains("at")) hide();
  }, { passive: true });
  document.addEventListener("pointerleave", hide);
  // A link to a query opens the details that hold it; some browsers do so themselves.
  const reveal = () => {
    const place = document.getElementById(location.hash.slice(1));
    let opened = false;
    for (let each = place && place.parentElement; each; each = each.parentElement) {
      if (each.tagName === "DETAILS" && !each.open) {
        each.open = true;
        opened = true;
      }
    }
    if (opened) place.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();

  // By keyboard: Tab stops at each chart, arrows go from mark to mark.
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

  const marksOf = (chart) => [...chart.querySelectorAll("path[data-tip]")].filter((mark) => mark.getClientRects().length);

  const next = (chart, key) => {
    const marks = marksOf(chart);
    const at = marks.indexOf(shown);
    if (key === "Home") return marks[0];
    if (key === "End") return marks[marks.length - 1];
    if (at < 0) return marks[steps[key] > 0 ? 0 : marks.length - 1];
    return marks[Math.min(Math.max(at + steps[key], 0), marks.length - 1)];
  };

  for (const chart of document.querySelectorAll(".chart")) {
    if (!chart.querySelector("path[data-tip]")) continue;
    chart.tabIndex = 0;
    chart.setAttribute("role", "group");
    chart.setAttribute("aria-label", "Values of the chart: arrow keys go from one to the next");
    chart.addEventListener("blur", hide);
    chart.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      if (!(event.key in steps) && event.key !== "Home" && event.key !== "End") return;
      const mark = next(chart, event.key);
      if (!mark) return;
      event.preventDefault();
      mark.scrollIntoView({ block: "nearest", behavior: "instant" });
      const box = mark.getBoundingClientRect();
      show(mark, box.left + box.width / 2, box.top);
      mark.classList.add("at");
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
})();
