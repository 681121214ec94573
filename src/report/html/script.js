"use strict";
// Lines tell their numbers where the pointer or the arrow keys are; a click on a name hides or shows its line.
for (const figure of document.querySelectorAll("figure")) {
  const svg = figure.querySelector("svg");
  const tip = figure.querySelector(".tip");
  if (!svg || !tip) continue;
  const lines = [...svg.querySelectorAll(".series[data-points]")].map((group) => ({
    group,
    name: group.dataset.name,
    points: JSON.parse(group.dataset.points),
  }));
  const shown = () => lines.filter((line) => !line.group.classList.contains("off"));
  const mark = document.createElementNS(svg.namespaceURI, "circle");
  mark.setAttribute("class", "mark");
  mark.setAttribute("r", "6");

  const hide = () => { tip.hidden = true; mark.remove(); };
  const say = (x, y, first, second) => {
    tip.replaceChildren();
    const strong = document.createElement("b");
    strong.textContent = first;
    tip.append(strong, second ? document.createElement("br") : "", second || "");
    tip.hidden = false;
    const picture = svg.getBoundingClientRect();
    const outer = figure.getBoundingClientRect();
    const scale = picture.width / svg.viewBox.baseVal.width;
    const left = picture.left - outer.left + x * scale;
    const top = picture.top - outer.top + y * scale;
    const width = tip.offsetWidth;
    tip.style.left = Math.max(0, Math.min(left + 12, outer.width - width)) + "px";
    tip.style.top = Math.max(0, top - tip.offsetHeight - 10) + "px";
  };
  const tell = (line, point) => {
    mark.setAttribute("cx", point[0]);
    mark.setAttribute("cy", point[1]);
    svg.append(mark);
    say(point[0], point[1], (line.name ? line.name + ": " : "") + point[3], "at " + point[2]);
  };

  // A row of dots and bars counts as a whole, also between them.
  const row = (event) => [...svg.querySelectorAll(".told")].find((group) => {
    const box = group.getBoundingClientRect();
    return box.height < 40 && event.clientX >= box.left && event.clientX <= box.right
      && event.clientY >= box.top && event.clientY <= box.bottom;
  });

  svg.addEventListener("pointermove", (event) => {
    const told = event.target.closest(".told") || row(event);
    const picture = svg.getBoundingClientRect();
    const scale = svg.viewBox.baseVal.width / picture.width;
    const x = (event.clientX - picture.left) * scale;
    const y = (event.clientY - picture.top) * scale;
    let best = null;
    for (const line of shown()) {
      for (const point of line.points) {
        const far = Math.hypot(point[0] - x, point[1] - y);
        if (!best || far < best.far) best = { far, line, point };
      }
    }
    if (best && best.far < 28) tell(best.line, best.point);
    else if (told) { mark.remove(); say(x, y, told.dataset.tip, ""); }
    else hide();
  });
  svg.addEventListener("pointerleave", hide);

  let at = null;
  svg.addEventListener("keydown", (event) => {
    const visible = shown();
    const by = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (event.key === "Escape") hide();
    if (!by || visible.length === 0 || event.target !== svg) return;
    event.preventDefault();
    const line = at ? (at.line + by[0] + visible.length) % visible.length : 0;
    const points = visible[line % visible.length].points;
    const point = at ? Math.max(0, Math.min(points.length - 1, at.point + by[1])) : 0;
    at = { line, point };
    tell(visible[line % visible.length], points[point]);
  });
  svg.addEventListener("blur", hide);

  const toggle = (name) => {
    const on = name.getAttribute("aria-pressed") === "false";
    name.setAttribute("aria-pressed", String(on));
    for (const group of svg.querySelectorAll(".series")) {
      if (group.dataset.of === name.dataset.of) group.classList.toggle("off", !on);
    }
    at = null;
    hide();
  };
  for (const name of svg.querySelectorAll(".name")) {
    name.addEventListener("click", () => toggle(name));
    name.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); toggle(name); }
    });
  }
}
// On paper everything is unfolded that is not a mere repetition.
addEventListener("beforeprint", () => document.querySelectorAll("section details:not(.numbers)").forEach((one) => { one.open = true; }));
