// The page: reads the pickers, hands the rows to the charts, fills tables, and keeps what is picked in the address.
// figures ------------------------------------------------------------------------------------------------

const form = document.getElementById("pickers");
const field = (name) => form.elements.namedItem(name);
const figures = [...document.querySelectorAll("figure[data-chart]")].map((element) => ({
  element, name: element.id.replace("chart-", ""), chart: element.dataset.chart, box: element.querySelector(".chart"), view: null,
}));

const boxOf = (name) => figures.find((figure) => figure.name === name).box;

const picks = () => {
  const pick = Object.fromEntries(PICKERS.map((name) => [name, field(name) && field(name).value !== "" ? +field(name).value : ALL]));
  if (pick.from > pick.to) [pick.from, pick.to] = [pick.to, pick.from];
  return pick;
};

const instead = (figure, words) => {
  const place = figure.element.querySelector(".instead");
  place.textContent = words ?? "";
  place.hidden = !words;
  figure.box.hidden = Boolean(words);
  figure.element.querySelector("details.data").hidden = Boolean(words);
  const thin = figure.element.querySelector(".thin");
  const isThinShown = Boolean(thin) && state.hidden && !words;
  if (thin) thin.hidden = !isThinShown;
  figure.element.querySelector(".says").hidden = Boolean(words) || isThinShown;
  figure.element.querySelector(".below")?.toggleAttribute("hidden", Boolean(words));
};

const fillTable = (figure, table) => {
  figure.table = table;
  const details = figure.element.querySelector("details.data");
  if (!details.open || !table) return;
  const cell = (tag, text, k, scope) => {
    const made = document.createElement(tag);
    made.textContent = text;
    if (scope) made.scope = scope;
    if (k) made.className = "n";
    return made;
  };
  const line = (cells) => { const tr = document.createElement("tr"); tr.append(...cells); return tr; };
  details.querySelector("thead").replaceChildren(line(table.head.map((text, k) => cell("th", text, k, "col"))));
  details.querySelector("tbody").replaceChildren(...table.rows.map((row) => line(row.map((text, k) => (k ? cell("td", text, k) : cell("th", text, 0, "row"))))));
};

/** Words at a caption's end that go with what is picked. */
const tail = (caption, words) => {
  const place = caption.querySelector(".more") ?? caption.appendChild(document.createElement("span"));
  place.className = "more";
  place.textContent = words ? ` ${words}` : "";
};

const fillKey = (figure, key) => {
  figure.element.querySelector(".below").replaceChildren(...key.map(([token, words]) => {
    const item = document.createElement("li");
    item.className = token;
    item.textContent = words;
    return item;
  }));
};

const NONE = "Nothing to draw: no handwritten line was merged here, or the group is too small to be shown.";
const UNSURE = "Too few of these lines carry evidence for a share; see the line at the top.";
const FATELESS = "Nothing to draw: too few lines landed here in the months picked, or too little time has passed since.";
const NO_VOLUME = `No volume is known here: nothing was merged in these quarters, or fewer than ${data.minimum} engineers were active.`;
const CROSSED = "No volume is precomputed for a team within a repository, because it would come close to single persons. Pick a repository or a team.";

/** What each chart draws of what is picked: rows, or words in their place. */
const ROWS = {
  share: ({ pick, byMonth }) => shareRows(pick, byMonth),
  lines: ({ pick, byMonth, hidden, total }) => (total ? linesRows(pick, byMonth, hidden) : null),
  agents: ({ pick, byMonth, sums }) => {
    const rows = agentsRows(pick, byMonth, sums);
    return rows.agents.length ? rows : { missing: "No line by an agent is on record here." };
  },
  volume: ({ pick, hidden }) => {
    const rows = volumeRows(pick, hidden);
    return rows.missing ? { missing: pick.repository !== ALL && pick.team !== ALL ? CROSSED : NO_VOLUME } : rows;
  },
  kinds: ({ pick }) => kindsRows(pick),
  bounds: ({ pick, byMonth, hidden }) => boundsRows(pick, byMonth, hidden),
  survival: ({ pick, hidden }) => survivalRows(pick, hidden),
  churn: ({ pick, hidden }) => churnRows(pick, hidden),
  pairs: ({ pick, hidden }) => pairsRows(pick, hidden),
  rework: ({ pick, hidden }) => reworkRows(pick, hidden),
  review: ({ pick }) => reviewRows(pick),
  load: ({ pick }) => loadRows(pick),
};
const OF_LINES = ["share", "agents", "kinds", "bounds"];
const OF_FATES = ["churn", "pairs", "rework", "review"];

const rowsOf = (figure, state) => {
  const { pick, sums, hidden } = state;
  if (OF_LINES.includes(figure.name) && !sums.denominator) return { instead: NONE };
  if (hidden && (figure.chart === "parts" || ["share", "agents"].includes(figure.name))) return { instead: UNSURE };
  const rows = figure.chart === "parts" ? partsRows(pick, figure.name) : ROWS[figure.name](state);
  if (rows && !rows.missing) return { rows };
  return { instead: rows?.missing ?? (OF_FATES.includes(figure.name) ? FATELESS : NONE) };
};

let state = null;
const update = () => {
  const pick = picks();
  const name = cutOf(pick);
  const byMonth = sumsBy(name, pick, (cells, k) => cells.month[k]);
  const sums = empty();
  byMonth.forEach((more, month) => { if (month >= pick.from && month <= pick.to) add(sums, more); });
  const total = ORDER.reduce((n, key) => n + sums[key], 0);
  state = { pick, byMonth, sums, total, hidden: isHidden(pick, sums) };
  sayShare(pick, sums, byMonth);
  remember(pick);
  const shown = state;
  document.documentElement.dataset.drawn = "false";
  return Promise.all(figures.map((figure) => draw(figure))).then(() => { if (state === shown) document.documentElement.dataset.drawn = "true"; });
};

const BY_QUARTER = ["volume", "kinds", "review", "load"];
const hasTime = (figure) => !figure.rows.parts;
const draw = (figure) => {
  const { rows, instead: words } = rowsOf(figure, state);
  instead(figure, words);
  if (!rows) return null;
  const { table, says, more, key, ...sets } = rows;
  if (key) fillKey(figure, key);
  fillTable(figure, table);
  if (says) figure.element.querySelectorAll("figcaption p strong").forEach((strong) => { strong.textContent = `${says}.`; });
  if (more !== undefined) figure.element.querySelectorAll("figcaption p").forEach((words) => tail(words, more));
  figure.box.setAttribute("aria-label", `${figure.element.querySelector("h2").textContent}: ${table.rows.length} rows; they are under “Data”.`);
  figure.rows = sets;
  const span = sets.span ? [sets.span[0].x, sets.span[0].x2] : spanOf(state.pick.from, Math.max(state.pick.from, Math.min(state.pick.to, data.lastFull)));
  figure.axis = () => (figure.chart === "survival" ? agesOf(Math.max(...sets.points.map(({ x }) => x)), plotWidth(figure)) : axisOf(span, plotWidth(figure), BY_QUARTER.includes(figure.name)));
  const height = sets.parts ? ROW_HEIGHT * sets.parts.length : 0;
  if (figure.view && height !== figure.height) undraw(figure);
  figure.height = height;
  if (!figure.view) return embed(figure);
  Object.entries(sets).forEach(([set, values]) => figure.view.data(set, values));
  label(figure);
  return figure.view.runAsync();
};

// charts -------------------------------------------------------------------------------------------------

const tip = document.getElementById("tip");
const hide = () => { tip.hidden = true; };
const point = (handler, event, item, value) => {
  if (value === null || value === undefined || value === "") { hide(); return; }
  tip.textContent = value;
  tip.hidden = false;
  const box = tip.getBoundingClientRect();
  const left = Math.min(event.clientX + 14, document.documentElement.clientWidth - box.width - 8);
  const top = event.clientY - box.height - 14 > 4 ? event.clientY - box.height - 14 : event.clientY + 14;
  // Setting properties one by one is what the page's policy allows.
  tip.style.left = `${Math.max(8, left) + window.scrollX}px`;
  tip.style.top = `${top + window.scrollY}px`;
};

const columnsFor = (width) => (width < 480 ? 2 : width < 900 ? 3 : 5);
const isPhone = () => document.documentElement.clientWidth < 640;
const specFor = (figure) => {
  const spec = structuredClone(charts[figure.chart]);
  if (figure.chart === "agents") {
    spec.columns = columnsFor(figure.box.clientWidth);
    spec.spec.width = panelWidth(figure.box);
  }
  if (figure.height) {
    spec.height = figure.height;
    spec.layer.find((layer) => layer.mark.type === "text").mark.limit = figure.box.clientWidth - 8;
  }
  // a finger that scrolls would pick
  if (isPhone()) spec.params = spec.params.filter((param) => !param.select);
  if (hasTime(figure)) {
    const axis = figure.axis();
    spec.params.forEach((param) => { if (param.name in axis) param.value = axis[param.name]; });
  }
  spec.datasets = figure.rows;
  return spec;
};

const undraw = (figure) => { figure.finalize(); figure.view = null; };
const ROOM = 62;
const plotWidth = (figure) => {
  if (figure.chart === "agents") return panelWidth(figure.box);
  return figure.box.clientWidth - 52 - (figure.rows.ends && figure.name !== "share" ? ROOM : 0);
};
const panelWidth = (box) => {
  const columns = columnsFor(box.clientWidth);
  return Math.floor((box.clientWidth - 44 - (columns - 1) * 28 - 12) / columns);
};
const shorten = (text, px) => {
  const fits = Math.floor(px / (12 * 0.66));
  return text.length <= fits ? text : `${text.slice(0, fits - 1).trimEnd()}…`;
};
const label = (figure) => {
  if (hasTime(figure)) Object.entries(figure.axis()).forEach(([name, value]) => figure.view.signal(name, value));
};
const embed = async (figure) => {
  if (figure.isMaking) return;
  figure.isMaking = true;
  const made = await window.vegaEmbed(figure.box, specFor(figure), {
    mode: "vega-lite", ast: true, actions: false, defaultStyle: false, renderer: "svg", tooltip: point, hover: false, logLevel: ERRORS,
  });
  figure.view = made.view;
  figure.finalize = made.finalize;
  figure.isMaking = false;
  // the box around it is the picture and has its words
  figure.box.querySelector("svg").setAttribute("aria-hidden", "true");
  if (figure.name === "share" && !isPhone()) made.view.addSignalListener("brush", (name, value) => brushed(value.x));
  if (figure.chart === "parts") made.view.addEventListener("click", (event, item) => { if (item?.datum?.part !== undefined) choose(figure.name, item.datum.k); });
};

const choose = (name, k) => {
  if (k === null || k === undefined || !field(name)) return;
  field(name).value = String(+field(name).value === k && field(name).value !== "" ? "" : k);
  update();
};

// the share chart's months by pointer
const brushed = (range) => {
  const inside = (time) => {
    let k = data.firstDrawn;
    while (k < data.lastFull && next(start(data.months[k]), 1) <= time) k += 1;
    return k;
  };
  const [from, to] = range ? [inside(range[0]), inside(range[1] - 1)] : [data.firstDrawn, data.lastFull];
  if (+field("from").value === from && +field("to").value === to) return;
  field("from").value = String(from);
  field("to").value = String(to);
  schedule();
};
let waiting = 0;
const schedule = () => { cancelAnimationFrame(waiting); waiting = requestAnimationFrame(update); };

// what is picked stands in the address, so that a view can be handed on ------------------------------------

const values = { repository: data.repositories, team: data.teams, class: data.classes, tool: data.tools, from: data.months, to: data.months };
const remember = (pick) => {
  const said = new URLSearchParams();
  PICKERS.forEach((name) => { if (field(name) && field(name).value !== initial[name]) said.set(name, values[name][pick[name]]); });
  const words = said.toString();
  if (words !== location.hash.slice(1)) history.replaceState(null, "", words ? `#${words}` : location.pathname + location.search);
};
const initial = Object.fromEntries(PICKERS.map((name) => [name, field(name)?.value]));
const recall = () => {
  new URLSearchParams(location.hash.slice(1)).forEach((value, name) => {
    const k = values[name]?.indexOf(value) ?? -1;
    if (k >= 0 && field(name) && [...field(name).options].some((option) => option.value === String(k))) field(name).value = String(k);
  });
};

form.addEventListener("change", update);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(update));
document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
figures.forEach((figure) => figure.element.querySelector("details.data").addEventListener("toggle", () => fillTable(figure, figure.table)));
window.addEventListener("hashchange", () => { recall(); update(); });
let width = document.documentElement.clientWidth;
window.addEventListener("resize", () => {
  if (width === document.documentElement.clientWidth) return;
  width = document.documentElement.clientWidth;
  // panels, labels and words depend on it
  figures.filter((figure) => figure.view).forEach((figure) => { undraw(figure); draw(figure); });
});

recall();
update();
// for tests and for those who look under the hood
window.explored = () => ({ pick: state.pick, sums: state.sums, views: Object.fromEntries(figures.map((figure) => [figure.name, figure.view])) });
