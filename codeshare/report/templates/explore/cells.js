// What is picked, added up from the cells of the file, and said in words. Nothing is fetched.
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const data = read("data");
const charts = read("charts");
const NBSP = "\u00a0";
const ALL = -1;
const HUMAN = "no AI evidence";
const WORDS = { human: HUMAN, others: "other agents", assisted: "AI-assisted", ai: "AI", bot: "bots", unknown: "unknown" };
const ORDER = ["human", "others", "assisted", "ai", "bot", "unknown"];
const KINDS = [
  ["line_record", "line record", "evidence-1"], ["trailer", "trailer", "evidence-2"], ["author", "identity", "evidence-3"],
  ["footer_or_branch", "footer, request or branch", "evidence-4"], ["heuristic", "heuristic", "evidence-5"],
  ["own_hand", "a person’s own hand", "human"], ["none", "no evidence", "faint"],
];
const NAMES = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const PICKERS = ["repository", "team", "class", "tool", "from", "to"];
const ERRORS = 1;
const ROW_HEIGHT = 46;

// how numbers and days read: as in the report ------------------------------------------------------------

const whole = (x) => Math.floor(x + 0.5);
const count = (x) => String(whole(x)).replace(/\B(?=(\d{3})+$)/g, ",");
const percent = (x) => {
  if (x > 0 && x < 0.01) return `under${NBSP}1${NBSP}%`;
  if (x >= 0.995 && x < 1) return `over${NBSP}99${NBSP}%`;
  return `${whole(x * 100)}${NBSP}%`;
};
/** Percents of the parts of a whole, rounded so that they add up to it: as `percents` of the report. */
const percents = (parts) => {
  const down = parts.map((x) => Math.floor(x * 100 + 1e-9));
  const left = whole(parts.reduce((n, x) => n + x, 0) * 100) - down.reduce((n, x) => n + x, 0);
  const up = parts.map((x, k) => k).sort((a, b) => (down[a] - parts[a] * 100) - (down[b] - parts[b] * 100) || a - b).slice(0, left);
  return parts.map((x, k) => (x >= 0.01 && x < 0.995 ? `${down[k] + up.includes(k)}${NBSP}%` : percent(x)));
};
const ratio = (x) => `${(x > 20 ? count(x) : x.toFixed(1))}×`;
const amount = (x) => (x >= 20 ? count(x) : x.toFixed(x < 2 ? 2 : 1));
const start = (month) => Date.UTC(+month.slice(0, 4), +month.slice(5) - 1);
const next = (time, months) => { const d = new Date(time); return Date.UTC(d.getUTCFullYear(), d.getUTCMonth() + months); };
const monthName = (month) => `${NAMES[+month.slice(5) - 1]} ${month.slice(0, 4)}`;
const quarterOf = (month) => `${month.slice(0, 4)}-${String(3 * Math.floor((+month.slice(5) - 1) / 3) + 1).padStart(2, "0")}`;
const quarterName = (month) => `${month.slice(0, 4)} Q${Math.ceil(+month.slice(5) / 3)}`;
const last = data.months.length - 1;
const isRunning = (k) => k === last && data.isRunning;
const nameOf = (k) => monthName(data.months[k]) + (isRunning(k) ? " (running)" : "");
const share = (part, of) => (of ? part / of : null);

// cells --------------------------------------------------------------------------------------------------

const unpack = (packed, marks) => {
  const size = packed.lines.length;
  const cells = { place: new Int32Array(size), month: new Int32Array(size), file: new Int8Array(size), mark: new Int16Array(size), lines: packed.lines, places: packed.places };
  let key = 0;
  packed.steps.forEach((step, k) => {
    key += step;
    let left = key;
    cells.mark[k] = left % marks;
    left = Math.floor(left / marks);
    cells.file[k] = left % data.classes.length;
    left = Math.floor(left / data.classes.length);
    cells.month[k] = left % data.months.length;
    cells.place[k] = Math.floor(left / data.months.length);
  });
  return cells;
};
const cuts = {};
const cut = (what, name) => (cuts[`${what}/${name}`] ??= unpack(data.sums[what].cuts[name], data.sums[what].marks.length));
const marks = data.sums.lines.marks.map(([attribution, confidence, kind, tool]) => ({ attribution, confidence, kind, tool }));

const empty = () => ({
  human: 0, others: 0, assisted: 0, ai: 0, bot: 0, unknown: 0,
  numerator: 0, denominator: 0, strict: 0, text: 0, high: 0, covered: 0, attested: 0, elsewhere: 0, tools: new Map(), kinds: new Map(),
});
const bump = (map, key, by) => map.set(key, (map.get(key) ?? 0) + by);

// The same rules as the views of the database: a tool's numerators are its own, denominators are of the whole.
const count1 = (sums, mark, lines, tool) => {
  sums.text += lines;
  if (mark.attribution === null) return;
  if (mark.attribution === "bot" || mark.attribution === "unknown") { sums[mark.attribution] += lines; return; }
  sums.denominator += lines;
  bump(sums.kinds, mark.kind === "committer" ? "author" : mark.kind, lines);
  if (mark.kind === "own_hand") sums.elsewhere += lines;
  if (mark.attribution !== "human" || mark.kind === "own_hand") sums.covered += lines;
  if (mark.attribution === "human") { sums.human += lines; return; }
  const isSure = mark.attribution === "ai" && mark.confidence !== "low";
  const isAttested = isSure && (mark.kind === "line_record" || mark.kind === "author");
  if (isSure) bump(sums.tools, mark.tool, lines);
  if (tool !== null && mark.tool !== tool) {
    sums.others += lines;
    if (isAttested) sums.elsewhere += lines;
    return;
  }
  if (isAttested) sums.attested += lines;
  sums[mark.attribution] += lines;
  sums.high += lines;
  if (isSure) sums.numerator += lines;
  if (isSure && mark.confidence === "high") sums.strict += lines;
};

const cutOf = (pick) => (pick.team === ALL ? "repository" : pick.repository === ALL ? "team" : "both");
const isIn = (place, pick) =>
  (pick.repository === ALL || place[0] === pick.repository) && (pick.team === ALL || place[1] === pick.team);

/** Sums by whatever `group` says of a cell; cells of no group (null) are left out. */
const sumsBy = (name, pick, group) => {
  const cells = cut("lines", name);
  const tool = pick.tool === ALL ? null : data.tools[pick.tool];
  const isPlace = cells.places.map((place) => isIn(place, pick));
  const found = new Map();
  for (let k = 0; k < cells.lines.length; k += 1) {
    if (!isPlace[cells.place[k]]) continue;
    const file = cells.file[k];
    if (pick.class !== ALL && file !== pick.class) continue;
    const key = group(cells, k);
    if (key === null) continue;
    let sums = found.get(key);
    if (!sums) found.set(key, (sums = empty()));
    count1(sums, marks[cells.mark[k]], cells.lines[k], tool);
  }
  return found;
};
const add = (sums, more) => {
  for (const [name, value] of Object.entries(more)) {
    if (value instanceof Map) value.forEach((n, key) => bump(sums[name], key, n));
    else sums[name] += value;
  }
  return sums;
};
const within = (pick) => (cells, k) => cells.month[k] >= pick.from && cells.month[k] <= pick.to;

/** Whether so few lines carry evidence that nothing is said by class, as in the report. */
const isThin = (sums) => sums.denominator > 0 && sums.covered < data.lowCoverage * sums.denominator;
const isHidden = (pick, sums) => (data.isLow && pick.repository === ALL && pick.team === ALL) || isThin(sums);

// words --------------------------------------------------------------------------------------------------

const scopeWords = (pick) => {
  const where = [
    pick.repository === ALL ? (data.repositories.length > 1 ? "all repositories" : data.repositories[0]) : data.repositories[pick.repository],
    ...(data.teams.length ? [pick.team === ALL ? "all teams" : `team ${data.teams[pick.team]}`] : []),
    pick.class === ALL ? "all handwritten files" : `files of class ${data.classes[pick.class]}`,
  ];
  return where.join(", ");
};
const periodWords = (pick) => (pick.from === pick.to ? nameOf(pick.from) : `${monthName(data.months[pick.from])} to ${nameOf(pick.to)}`);
const agentWords = (pick) => (pick.tool === ALL ? "AI" : data.tools[pick.tool]);
const fraction = (sums) => `${count(sums.numerator)} of ${count(sums.denominator)} lines`;

const say = (id, parts) => {
  const nodes = parts.map((part) => {
    if (typeof part === "string") return part;
    const strong = document.createElement("strong");
    strong.textContent = part.strong;
    return strong;
  });
  document.getElementById(id).replaceChildren(...nodes);
};

const sayShare = (pick, sums, month) => {
  const who = pick.tool === ALL ? "AI share" : `Share of ${agentWords(pick)}`;
  const where = `${periodWords(pick)}: ${scopeWords(pick)}.`;
  if (!sums.denominator) {
    say("share", ["No handwritten line was merged here."]);
    say("scope", [pick.team !== ALL ? `${where} Or fewer than ${data.minimum} of the team’s engineers were active, whose lines are then shown only among those of other teams.` : where]);
    say("month", []);
    return;
  }
  if (isHidden(pick, sums)) {
    // in the report's own month the evidence may be thin though it is not over all the months picked
    const of = isThin(sums) ? sums : month.get(data.lastFull) ?? sums;
    const when = isThin(sums) ? "" : `in ${nameOf(data.lastFull)}, the month that the report speaks of, `;
    say("share", [`We cannot say how much AI wrote: ${when}${percent(1 - of.covered / (of.denominator || 1))} of ${count(of.denominator)} lines carry no evidence either way.`]);
    const least = sums.strict / (sums.text || 1);
    say("scope", [`${where} At least ${least < 0.01 ? "" : `${percent(least)}, `}${count(sums.strict)} of ${count(sums.text)} lines of all files, were AI’s. `,
      "No share and no comparison by class is drawn; the lines of everybody together are."]);
    say("month", []);
    return;
  }
  say("share", [{ strong: `${who} ${percent(sums.numerator / sums.denominator)}` }, ` = ${fraction(sums)}`]);
  const left = pick.team === ALL ? "" : ` Quarters in which fewer than ${data.minimum} of the team’s engineers were active${pick.repository === ALL ? "" : " there"} are left out.`;
  say("scope", [`${where}${left} ${percent(sums.strict / sums.text)} on the strictest reading of the evidence, ${percent(sums.high / sums.denominator)} when every trace counts; `,
    `${percent(sums.covered / sums.denominator)} of the lines carry evidence of any kind.`]);
  const full = Math.min(pick.to, data.lastFull);
  const of = month.get(full);
  say("month", full >= pick.from && full !== pick.from && of && of.denominator && !isThin(of)
    ? [`In its last full month, ${nameOf(full)}: ${percent(of.numerator / of.denominator)} = ${fraction(of)}.`] : []);
};
