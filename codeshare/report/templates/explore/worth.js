// Rows of the charts of what the lines are worth: how sure, how long they last, who removed and who reviewed them.

const FEWEST = 200;
const SIDES = [["human", HUMAN], ["ai", "AI"]];
const EVERYBODY = [["all", "all lines"]];
const inkOf = (side) => (side === "all" ? "var(--ink)" : `var(--${side}-text)`);
const colourOf = (side) => (side === "all" ? "var(--ink)" : `var(--${side})`);
const fine = (x) => (x === 0 ? `0${NBSP}%` : x < 0.0005 ? `under${NBSP}0.1${NBSP}%` : `${(x * 100).toFixed(1)}${NBSP}%`);
const capital = (words) => words[0].toUpperCase() + words.slice(1);
const points = (x) => (x * 100).toFixed(1);

/** Lines by measure and side, by whatever `group` says of a cell; of an agent's lines only those of the one picked. */
const fatesBy = (pick, group) => {
  const cells = cut("fates", cutOf(pick));
  const isPlace = cells.places.map((place) => isIn(place, pick));
  const tool = pick.tool === ALL ? null : data.tools[pick.tool];
  const found = new Map();
  for (let k = 0; k < cells.lines.length; k += 1) {
    if (!isPlace[cells.place[k]] || (pick.class !== ALL && cells.file[k] !== pick.class)) continue;
    const [attribution, agent, measure] = data.sums.fates.marks[cells.mark[k]];
    if (tool !== null && agent !== null && agent !== tool) continue;
    const key = group(cells, k);
    if (key === null) continue;
    if (!found.has(key)) found.set(key, new Map());
    ["all", attribution].forEach((side) => bump(found.get(key), `${side}/${measure}`, cells.lines[k]));
  }
  return found;
};
const of = (sums, side, measure) => sums?.get(`${side}/${measure}`) ?? 0;
/** Of how many lines something must be known for a part of them to be drawn: in the report it is a tenth, too. */
const enough = (sums, side) => Math.max(FEWEST, 0.1 * of(sums, side, "landed"));
const REMOVERS = ["human", "assisted", "ai", "bot", "unknown"];
const gone90 = (sums, side) => REMOVERS.reduce((n, who) => n + of(sums, side, `gone_90_by_${who}`), 0);
const until = (pick, days) => ({ ...pick, to: Math.min(pick.to, data.closed[days]) });
const fatesIn = (pick) => {
  const isPicked = within(pick);
  return fatesBy(pick, (cells, k) => (isPicked(cells, k) ? "all" : null)).get("all");
};
const sidesOf = (hidden) => (hidden ? EVERYBODY : SIDES);

// how sure ------------------------------------------------------------------------------------------------

const boundsRows = (pick, byMonth, hidden) => {
  const rows = { bands: [], lines: [], points: [], ends: [] };
  const table = [];
  for (let k = pick.from; k <= Math.min(pick.to, data.lastFull); k += 1) {
    const sums = byMonth.get(k);
    if (!sums?.denominator) continue;
    const [min, value, max] = [sums.attested, sums.numerator, sums.denominator - sums.elsewhere].map((n) => n / sums.denominator);
    const from = start(data.months[k]);
    const x = (from + next(from, 1)) / 2;
    rows.bands.push({ x, y: min, y2: max, g: "bounds", fill: "var(--muted)" });
    if (!hidden) rows.lines.push({ x, y: value, g: "share", fill: "var(--ai)" });
    rows.points.push({
      x, y: hidden ? max : value,
      d: `${nameOf(k)}: the share lies between ${percent(min)} (${count(sums.attested)} lines) and ${percent(max)} of ${count(sums.denominator)} lines${hidden ? "" : `; headline reading ${percent(value)}`}`,
    });
    table.push([nameOf(k), percent(min), ...(hidden ? [] : [percent(value)]), percent(max), count(sums.attested), count(sums.elsewhere), count(sums.denominator)]);
    rows.ends = [
      ...(hidden ? [] : [{ x, y: value, t: percent(value), fill: "var(--ai)", ink: "var(--ai-text)", up: value < 0.5 }]),
      ...[max, min].filter((y) => hidden || Math.abs(y - value) > 0.13).map((y) => ({ x, y, t: percent(y), fill: "var(--muted)", ink: "var(--muted)", up: y === min })),
    ];
  }
  return trendRows(pick, rows, {
    head: ["Month", "At least", ...(hidden ? [] : ["Headline"]), "At most", "Attested lines", "Lines attested for others", "Of lines"], rows: table,
  });
};

const trendRows = (pick, rows, table) => {
  const [x, x2] = spanOf(pick.from, Math.max(pick.from, Math.min(pick.to, data.lastFull)));
  return table.rows.length ? { span: [{ x, x2 }], ...rows, table } : null;
};

// how long they last --------------------------------------------------------------------------------------

const SCOPES = ["repository", "class", "tool"];
const survivalScope = (pick) => {
  const picked = SCOPES.filter((name) => pick[name] !== ALL && values[name].length > 1);
  if (pick.team !== ALL) return { missing: "Survival is not estimated team by team: a curve of few people would tell of persons. Pick all teams to see it." };
  if (picked.length > 1) return { missing: `Survival is estimated by one of repository, class of file and agent at a time. Pick only one of ${picked.map((name) => NAMES_OF[name]).join(" and ")} to see it.` };
  const [name] = picked;
  if (name) return { scope: `${name}/${values[name][pick[name]]}`, isCompared: name !== "tool" };
  return { scope: Object.keys(data.survival).find((scope) => scope.startsWith("since/")) ?? "all", isCompared: true };
};
const NAMES_OF = { repository: "a repository", class: "a class of file", tool: "an agent" };
const PART_WORDS = { ...WORDS, all: "all lines" };
const sinceWords = (scope) => (scope.startsWith("since/") ? `Of lines merged since ${monthName(scope.slice(6, 13))}, whatever months are picked.` : "Of all lines, whatever months are picked.");

const survivalRows = (pick, hidden) => {
  const { scope, missing } = hidden ? { scope: "all" } : survivalScope(pick);
  if (missing) return { missing };
  const curves = data.survival[scope] ?? {};
  const both = ["human", "ai"].filter((part) => curves[part]);
  const parts = hidden || !both.length ? ["all", "assisted"].filter((part) => curves[part] && (part === "all" || !hidden)) : both;
  if (!parts.length) return { missing: "Too few commits are on record here for a curve of how long their lines last." };
  const rows = { bands: [], lines: [], points: [], ends: [] };
  parts.forEach((part) => curves[part].forEach(([x, y, low, high, lines], k, every) => {
    rows.bands.push({ x, y: low, y2: high, g: part, fill: colourOf(part) });
    rows.lines.push({ x, y, g: part, fill: colourOf(part) });
    rows.points.push({ x, y, d: `${PART_WORDS[part]}, day ${count(x)}: ${points(y)}${NBSP}% still there, 95${NBSP}% interval ${points(low)} to ${points(high)}; ${count(lines)} lines at risk` });
    if (k === every.length - 1) rows.ends.push({ x, y, t: `${points(y)}${NBSP}%`, fill: colourOf(part), ink: inkOf(part) });
  }));
  const shared = Math.min(...parts.map((part) => curves[part].at(-1)[0]));
  const then = parts.map((part) => curves[part].findLast(([x]) => x <= shared)[1]);
  rows.ends.forEach((end, k) => { end.up = then[k] === Math.max(...then); });
  return {
    ...rows, more: sinceWords(scope),
    table: {
      head: ["Lines", "Days", "Still there", "Low", "High", "Lines at risk"],
      rows: parts.flatMap((part) => curves[part].map(([x, y, low, high, lines]) => [capital(PART_WORDS[part]), count(x), ...[y, low, high].map((v) => `${points(v)}${NBSP}%`), count(lines)])),
    },
  };
};

/** Of ends that may meet, the highest one's value stands a little above it, the others' below. */
const apart = (ends) => {
  const highest = ends.findIndex((end) => ends.every((other) => other.y <= end.y));
  return ends.map((end, k) => ({ ...end, up: k === highest }));
};

// which go soon -------------------------------------------------------------------------------------------

const churnRows = (pick, hidden) => {
  const rows = { bands: [], lines: [], points: [], ends: [] };
  const table = [];
  const to = until(pick, 14).to;
  const byMonth = fatesBy(pick, (cells, k) => cells.month[k]);
  sidesOf(hidden).forEach(([side, words]) => {
    let end = null;
    for (let k = pick.from; k <= to; k += 1) {
      const [landed, gone] = [of(byMonth.get(k), side, "landed"), of(byMonth.get(k), side, "gone_14")];
      if (landed < FEWEST) continue;
      const from = start(data.months[k]);
      const [x, y] = [(from + next(from, 1)) / 2, gone / landed];
      rows.lines.push({ x, y, g: side, fill: colourOf(side) });
      rows.points.push({ x, y, d: `${nameOf(k)}, ${words}: ${fine(y)} gone within 14 days (${count(gone)} of ${count(landed)} lines)` });
      table.push([nameOf(k), capital(words), count(landed), count(gone), fine(y), k <= data.closed[90] ? count(gone90(byMonth.get(k), side)) : "not over"]);
      end = { x, y, t: fine(y), fill: colourOf(side), ink: inkOf(side) };
    }
    if (end) rows.ends.push(end);
  });
  return trendRows(pick, { ...rows, ends: apart(rows.ends) }, { head: ["Month", "Lines of", "Lines", "Gone in 14 days", "Part", "Gone in 90 days"], rows: table });
};

// AI beside the others ------------------------------------------------------------------------------------

const MEASURES = [
  ["Gone within 14 days", 14, (sums, side) => [of(sums, side, "gone_14"), of(sums, side, "landed")]],
  ["Gone within 90 days", 90, (sums, side) => [gone90(sums, side), of(sums, side, "landed")]],
  ["In commits reverted within 30 days", null, (sums, side) => [of(sums, side, "reverted"), of(sums, side, "revert_seen")]],
  ["Code changed by a fix within 90 days", null, (sums, side) => [of(sums, side, "fixed"), of(sums, side, "fix_seen")]],
  ["No other person on record as reviewer", null, (sums, side) => [of(sums, side, "review_known") - of(sums, side, "reviewed"), of(sums, side, "review_known")]],
  ["Merged by their own engineer", null, (sums, side) => [of(sums, side, "own_merge"), of(sums, side, "merger_known")]],
];

const pairsRows = (pick, hidden) => {
  const parts = [];
  const marks = [];
  const table = [];
  const whole = fatesIn(pick);
  const room = boxOf("pairs").clientWidth / 7.4;
  MEASURES.forEach(([part, days, figure]) => {
    const sums = days ? fatesIn(until(pick, days)) : whole;
    const known = sidesOf(hidden).map(([side, words]) => [side, words, ...figure(sums, side)]).filter(([side, , , all]) => all >= enough(whole, side));
    if (!known.length) return;
    const most = (!hidden && Math.max(...known.map(([, , n, all]) => n / all))) || 1;
    const said = known.map(([side, words, n, all]) => ({ side, words, n, all, long: `${words} ${fine(n / all)} (${count(n)} of ${count(all)} lines)`, short: `${words} ${fine(n / all)}` }));
    const long = `${part}: ${said.map((each) => each.long).reverse().join(", ")}`;
    parts.push({ part, x: 0, x2: 1, t: long.length <= room ? long : fitting(part, said.map((each) => each.short).reverse(), room) });
    said.forEach(({ side, words, n, all, long: d }) => {
      marks.push({ part, x: n / all / most * 0.98 + 0.008, fill: colourOf(side), shape: side === "human" ? "diamond" : "circle", d: `${part}, ${d}` });
      table.push([part, capital(words), count(n), count(all), fine(n / all)]);
    });
  });
  return parts.length ? { parts, marks, table: { head: ["Measure", "Lines of", "Lines", "Of lines", "Part"], rows: table } } : null;
};
const fitting = (part, words, room) => {
  const short = `${part}: ${words.map((each) => each.replace(HUMAN, "others")).join(", ")}`;
  return short.length <= room ? short : short.replace("No other person on record as reviewer", "No reviewer").replace("In commits reverted within", "Reverted in").replace("Code changed by a fix within", "Fixed in").replace("Merged by their own engineer", "Own merge").replace("Gone within", "Gone in");
};

// who removed them ----------------------------------------------------------------------------------------

const reworkRows = (pick, hidden) => {
  const sums = fatesIn(until(pick, 90));
  const parts = [];
  const pieces = [];
  const table = [];
  sidesOf(hidden).toReversed().forEach(([side, words]) => {
    const gone = gone90(sums, side);
    if (gone < 100) return;
    const whose = side === "ai" ? "Lines of AI" : side === "human" ? "Lines with no AI evidence" : "All lines";
    parts.push({ part: words, t: `${whose}: ${count(gone)} gone within 90 days` });
    let x = 0;
    REMOVERS.forEach((who) => {
      const n = of(sums, side, `gone_90_by_${who}`);
      table.push([whose, capital(WORDS[who]), count(n), percent(n / gone)]);
      if (!n) return;
      pieces.push({ part: words, x, x2: x + n / gone, fill: hidden ? "var(--muted)" : `var(--${who})`, d: `${whose} removed by commits of ${WORDS[who]}: ${percent(n / gone)}, ${count(n)} of ${count(gone)} lines` });
      x += n / gone;
    });
  });
  return parts.length ? { parts, pieces, table: { head: ["Lines", "Removed by commits of", "Lines removed", "Part"], rows: table } } : null;
};

// who reviews ---------------------------------------------------------------------------------------------

const LOOKS = [["review", "review_known", (sums) => of(sums, "all", "review_known") - of(sums, "all", "reviewed"), "no reviewer on record"],
  ["own", "merger_known", (sums) => of(sums, "all", "own_merge"), "merged by their own engineer"]];
const reviewRows = (pick) => {
  const isPicked = within(pick);
  const byQuarter = fatesBy(pick, (cells, k) => (isPicked(cells, k) ? quarterOf(data.months[cells.month[k]]) : null));
  const rows = { bands: [], lines: [], points: [], ends: [] };
  const table = [];
  LOOKS.forEach(([g, known, figure, words]) => {
    let end = null;
    [...byQuarter.keys()].sort().forEach((quarter) => {
      const sums = byQuarter.get(quarter);
      const all = of(sums, "all", known);
      if (all < enough(sums, "all")) return;
      const [n, from] = [figure(sums), start(quarter)];
      const [x, y] = [(from + next(from, 3)) / 2, n / all];
      const fill = g === "review" ? "var(--ink)" : "var(--muted)";
      rows.lines.push({ x, y, g, fill });
      rows.points.push({ x, y, d: `${quarterName(quarter)}, ${words}: ${percent(y)}, ${count(n)} of ${count(all)} lines` });
      table.push([quarterName(quarter), capital(words), count(n), count(all), percent(y)]);
      end = { x, y, t: percent(y), fill, ink: fill };
    });
    if (end) rows.ends.push(end);
  });
  if (!table.length) return { missing: "Of too few of these lines it is known who reviewed or merged them." };
  const ats = rows.points.map(({ x }) => x);
  const span = [{ x: quarterAt(Math.min(...ats)), x2: next(quarterAt(Math.max(...ats)), 3) }];
  return { span, ...rows, ends: apart(rows.ends), table: { head: ["Quarter", "Lines", "Lines", "Of lines", "Part"], rows: table } };
};

const quarterAt = (time) => { const day = new Date(time); return Date.UTC(day.getUTCFullYear(), 3 * Math.floor(day.getUTCMonth() / 3)); };

const loadRows = (pick) => {
  if (["repository", "team", "class", "tool"].some((name) => pick[name] !== ALL)) {
    return { missing: "Lines per reviewer are estimated for everybody together only: who reviews, reviews the work of many repositories and teams." };
  }
  const shown = data.reviewers.filter((q) => { const from = start(q.quarter); return from < next(start(data.months[pick.to]), 1) && next(from, 3) > start(data.months[pick.from]); });
  if (shown.length < 2) return { missing: `Fewer than two quarters with ${data.minimum} or more reviewers lie in the months picked.` };
  const at = (q) => { const from = start(q.quarter); return (from + next(from, 3)) / 2; };
  const end = shown.at(-1);
  return {
    span: [{ x: start(shown[0].quarter), x2: next(start(end.quarter), 3) }],
    bands: shown.filter((q) => q.low !== null).map((q) => ({ x: at(q), y: q.low, y2: q.high, g: "all", fill: "var(--ink)" })),
    lines: shown.map((q) => ({ x: at(q), y: q.value, g: "all", fill: "var(--ink)" })),
    points: shown.map((q) => ({ x: at(q), y: q.value, d: `${quarterName(q.quarter)}: ${ratio(q.value)}, ${count(q.reviewers)} reviewers` })),
    ends: [{ x: at(end), y: end.value, t: ratio(end.value), fill: "var(--ink)", ink: "var(--ink)", up: true }],
    table: {
      head: ["Quarter", "Ratio", "Low", "High", "Reviewers"],
      rows: shown.map((q) => [quarterName(q.quarter) + (q.isRunning ? ", running" : ""), ratio(q.value), ...[q.low, q.high].map((x) => (x === null ? "" : ratio(x))), count(q.reviewers)]),
    },
  };
};
