// Words for the pointer: what a mark's aria-label says. Nothing else depends on scripts.
(() => {
  "use strict";
  const tip = document.getElementById("tip");
  const gap = 14;
  let shown = null;

  const hide = () => {
    tip.hidden = true;
    shown = null;
  };

  const show = (mark, x, y) => {
    if (mark !== shown) {
      tip.textContent = mark.getAttribute("aria-label");
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

  const markAt = (target) => {
    const mark = target instanceof Element ? target.closest(".chart path[aria-label]") : null;
    return mark && mark.getAttribute("aria-label") ? mark : null;
  };

  document.addEventListener("pointermove", (event) => {
    const mark = markAt(event.target);
    if (mark) show(mark, event.clientX, event.clientY);
    else hide();
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
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
})();
