// Adds up the cells of what is picked and hands the rows to the charts. Nothing is fetched.
(() => {
  "use strict";
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

  const unpack = (packed) => {
    const size = packed.lines.length;
    const cells = { place: new Int32Array(size), month: new Int32Array(size), file: new Int8Array(size), mark: new Int16Array(size), lines: packed.lines, places: packed.places };
    let key = 0;
    packed.steps.forEach((step, k) => {
      key += step;
      let left = key;
      cells.mark[k] = left % data.marks.length;
      left = Math.floor(left / data.marks.length);
      cells.file[k] = left % data.classes.length;
      left = Math.floor(left / data.classes.length);
      cells.month[k] = left % data.months.length;
      cells.place[k] = Math.floor(left / data.months.length);
    });
    return cells;
  };
  const cuts = {};
  const cut = (name) => (cuts[name] ??= unpack(data.cuts[name]));
  const OTHER = data.classes.indexOf("other");
  const marks = data.marks.map(([attribution, confidence, kind, tool]) => ({ attribution, confidence, kind, tool }));

  const empty = () => ({
    human: 0, others: 0, assisted: 0, ai: 0, bot: 0, unknown: 0,
    numerator: 0, denominator: 0, strict: 0, text: 0, high: 0, covered: 0, tools: new Map(), kinds: new Map(),
  });
  const bump = (map, key, by) => map.set(key, (map.get(key) ?? 0) + by);

  // The same rules as the views of the database: a tool's numerators are its own, denominators are of the whole.
  const count1 = (sums, mark, lines, tool) => {
    sums.text += lines;
    if (mark.attribution === null) return;
    if (mark.attribution === "bot" || mark.attribution === "unknown") { sums[mark.attribution] += lines; return; }
    sums.denominator += lines;
    bump(sums.kinds, mark.kind, lines);
    if (mark.attribution !== "human" || mark.kind === "own_hand") sums.covered += lines;
    if (mark.attribution === "human") { sums.human += lines; return; }
    const isSure = mark.attribution === "ai" && mark.confidence !== "low";
    if (isSure) bump(sums.tools, mark.tool, lines);
    if (tool !== null && mark.tool !== tool) { sums.others += lines; return; }
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
    const cells = cut(name);
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

  // labels of the time axis: years under their span, of less than a year and a half months, of few quarters each ---------

  const YEAR = 365.25 * 86400000;
  const SHORT = NAMES.map((name) => name.slice(0, 3));
  const widthOf = (text) => text.length * 12.5 * 0.6;
  const fit = (labels, span, px) => labels.every((label, k) => !k ||
    ((label.at - labels[k - 1].at) / (span[1] - span[0])) * px > (widthOf(label.text) + widthOf(labels[k - 1].text)) / 2 + 8);
  const inside = (labels, span, px) => (labels.length < 2 ? labels : labels.filter(({ at, text }) => {
    const [x, half] = [((at - span[0]) / (span[1] - span[0])) * px, widthOf(text) / 2];
    return half - 6 <= x && x <= px - half + 6;
  }));
  const keepApart = (labels, span, px) => {
    for (let step = 1; step < labels.length; step += 1) {
      const kept = labels.filter((_, k) => (labels.length - 1 - k) % step === 0);
      if (fit(kept, span, px)) return kept;
    }
    return labels.slice(-1);
  };
  const steps = (span, months, text) => {
    const labels = [];
    for (let at = span[0]; at < span[1]; at = next(at, months)) labels.push({ at: (at + next(at, months)) / 2, text: text(new Date(at)) });
    return labels;
  };
  const years = (span, px, form) => {
    const labels = [];
    for (let year = new Date(span[0]).getUTCFullYear(); Date.UTC(year, 0) < span[1]; year += 1) {
      const [left, right] = [Math.max(span[0], Date.UTC(year, 0)), Math.min(span[1], Date.UTC(year + 1, 0))];
      const text = form(String(year));
      if (((right - left) / (span[1] - span[0])) * px >= widthOf(text) * 0.55) labels.push({ at: (left + right) / 2, text });
    }
    return labels;
  };
  const axisOf = (span, px, isByQuarter) => {
    const quarters = isByQuarter ? steps(span, 3, (d) => `${d.getUTCFullYear()} Q${Math.floor(d.getUTCMonth() / 3) + 1}`) : [];
    const full = years(span, px, (year) => year);
    let labels;
    if (quarters.length && quarters.length <= 8 && fit(quarters, span, px)) labels = quarters;
    else if (span[1] - span[0] < 1.4 * YEAR) labels = keepApart(inside(steps(span, 1, (d) => `${SHORT[d.getUTCMonth()]} ${d.getUTCFullYear()}`), span, px), span, px);
    else if (full.length > 1 && fit(full, span, px)) labels = full;
    else labels = keepApart(years(span, px, (year) => `’${year.slice(2)}`), span, px);
    return { times: labels.map((label) => label.at), names: labels.map((label) => label.text) };
  };

  // rows of the charts -------------------------------------------------------------------------------------

  const colour = (token, hatched) => (hatched ? `url(#h-${token})` : `var(--${token})`);
  const fillOf = (name, hatched) => colour(name === "others" ? "evidence-5" : name, hatched);
  const isWhole = (k) => k <= data.lastFull || !data.isRunning;

  /** A bar's left and right: a little apart, and not wider than a fourteenth of the axis. */
  const bar = (from, to, span) => {
    const gap = Math.min((to - from) * 0.08, (span[1] - span[0]) / 700);
    const half = Math.min((to - from) / 2 - gap, (span[1] - span[0]) / 28);
    const middle = (from + to) / 2;
    return { x: middle - half, x2: middle + half };
  };
  const spanOf = (from, to) => [start(data.months[from]), next(start(data.months[to]), 1)];
  const stackRows = (place, parts, total, height, name, hatched, unit) => {
    let low = 0;
    return parts.filter(([, n]) => n > 0).map(([key, n, words, fill]) => {
      const row = { ...place, y: low, y2: low + (n / total) * height, fill, key, d: `${name}, ${words}: ${unit(n)}` };
      low = row.y2;
      return row;
    });
  };

  const shareRows = (pick, byMonth) => {
    const months = [];
    const segments = { solid: [], dashed: [] };
    let before = null;
    let group = 0;
    for (let k = data.firstDrawn; k <= Math.min(last, data.lastFull); k += 1) {
      const sums = byMonth.get(k) ?? empty();
      const from = start(data.months[k]);
      const row = { x: (from + next(from, 1)) / 2, y: null, strict: null, high: null };
      if (sums.denominator) {
        Object.assign(row, { y: sums.numerator / sums.denominator, strict: sums.strict / sums.text, high: sums.high / sums.denominator });
        row.d = `${nameOf(k)}: ${percent(row.y)} ${agentWords(pick)} (${fraction(sums)}), ${percent(row.strict)} on the strictest reading, ` +
          `${percent(row.high)} with every trace; coverage ${percent(sums.covered / sums.denominator)}` +
          (data.incomplete.includes(k) ? "; incomplete, many commits could not be read" : "");
        if (before) {
          group += 1;
          const kind = before.thin ? "dashed" : "solid";
          segments[kind].push({ x: before.x, y: before.y, g: group }, { x: row.x, y: row.y, g: group });
        }
        before = { x: row.x, y: row.y, thin: isThin(sums) };
      } else before = null;
      months.push({ ...row, key: data.months[k], sums });
    }
    const known = months.filter((m) => m.y !== null && start(m.key) <= start(data.months[pick.to]));
    const end = known.at(-1);
    const [x, x2] = spanOf(pick.from, pick.to);
    const [first, after] = spanOf(data.firstDrawn, last);
    return {
      span: [{ x: first, x2: after }],
      picked: pick.from > data.firstDrawn || pick.to < data.lastFull ? [{ x: Math.max(x, first), x2 }] : [],
      months: months.filter((m) => m.y !== null || true).map(({ sums, ...row }) => row),
      solid: joined(segments.solid), dashed: joined(segments.dashed),
      ends: end ? [{ x: end.x, y: end.y, t: percent(end.y) }] : [],
      table: {
        head: ["Month", "Share", "AI lines", "Of lines", "Strictest", "Every trace", "Coverage"],
        rows: months.filter((m) => m.y !== null).map((m) => [monthName(m.key), percent(m.y), count(m.sums.numerator), count(m.sums.denominator),
          percent(m.strict), percent(m.high), percent(m.sums.covered / m.sums.denominator)]),
      },
    };
  };
  const joined = (pairs) => {
    const rows = [];
    let group = 0;
    for (let k = 0; k < pairs.length; k += 2) {
      const before = rows.at(-1);
      if (before && before.x === pairs[k].x && before.y === pairs[k].y) rows.push({ ...pairs[k + 1], g: group });
      else { group += 1; rows.push({ ...pairs[k], g: group }, { ...pairs[k + 1], g: group }); }
    }
    return rows;
  };

  const classParts = (sums, hatched) => ORDER.map((name) => [name, sums[name], WORDS[name], fillOf(name, hatched)]);
  const linesRows = (pick, byMonth, hidden) => {
    const bars = [];
    const table = [];
    const span = spanOf(pick.from, pick.to);
    for (let k = pick.from; k <= pick.to; k += 1) {
      const sums = byMonth.get(k) ?? empty();
      const total = ORDER.reduce((n, name) => n + sums[name], 0);
      if (!total) continue;
      const hatched = isRunning(k) || data.incomplete.includes(k);
      const from = start(data.months[k]);
      const parts = hidden ? [["all", total, "lines", colour("ink", hatched)]] : classParts(sums, hatched);
      bars.push(...stackRows(bar(from, next(from, 1), span), parts, total, total, nameOf(k), hatched, (n) => `${count(n)} of ${count(total)} lines`));
      table.push(hidden ? [nameOf(k), count(total)] : [nameOf(k), count(total), ...ORDER.map((name) => count(sums[name]))]);
    }
    return {
      span: [{ x: span[0], x2: span[1] }], bars,
      table: { head: hidden ? ["Month", "Lines"] : ["Month", "Lines", ...ORDER.map((name) => WORDS[name])], rows: table },
    };
  };

  const MOST_PANELS = 5;
  const OTHERS = "Others, unnamed";
  const agentsRows = (pick, byMonth, sums) => {
    const order = [...sums.tools.entries()].filter(([tool, n]) => n > 0 && (pick.tool === ALL || tool === data.tools[pick.tool]));
    const named = order.filter(([tool]) => tool !== OTHERS).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([tool]) => tool);
    const hasOthers = order.some(([tool]) => tool === OTHERS);
    const shown = named.length + hasOthers > MOST_PANELS ? named.slice(0, MOST_PANELS - 1) : named;
    if (named.length > shown.length || hasOthers) shown.push(OTHERS);
    const agents = [];
    const table = [];
    shown.forEach((tool) => {
      const isOf = (name) => name === tool || (tool === OTHERS && !shown.includes(name));
      const lines = (from) => [...from.tools.entries()].reduce((n, [name, more]) => n + (isOf(name) ? more : 0), 0);
      const mine = lines(sums);
      const panel = `${shorten(tool, panelWidth(boxOf("agents")) + 8)}|${percent(mine / sums.denominator)}, ${count(mine)} ${mine === 1 ? "line" : "lines"}`;
      table.push([tool, percent(mine / sums.denominator), count(mine), count(sums.denominator)]);
      for (let k = pick.from; k <= Math.min(pick.to, data.lastFull); k += 1) {
        const of = byMonth.get(k) ?? empty();
        const from = start(data.months[k]);
        const part = share(lines(of), of.denominator) ?? 0;
        agents.push({ panel, from, to: next(from, 1), x: (from + next(from, 1)) / 2, y: part, d: `${tool}, ${nameOf(k)}: ${percent(part)} of lines` });
      }
    });
    return { agents, table: { head: ["Agent", "Share", "Lines", "Of lines"], rows: table } };
  };

  const volumeScope = (pick) => {
    if (pick.repository !== ALL && pick.team !== ALL) return null;
    if (pick.team !== ALL) return data.volumes[`team/${data.teams[pick.team]}`] ?? null;
    if (pick.repository !== ALL && data.repositories.length > 1) return data.volumes[`repository/${data.repositories[pick.repository]}`] ?? null;
    return data.volumes.all ?? null;
  };
  const volumeRows = (pick, hidden) => {
    const scope = volumeScope(pick);
    const shown = (scope?.bars ?? []).filter((b) => {
      const from = start(b.quarter);
      return from < next(start(data.months[pick.to]), 1) && next(from, 3) > start(data.months[pick.from]);
    });
    if (!shown.length) return { missing: true };
    const whole = { ...pick, class: ALL, tool: ALL };
    const byQuarter = sumsBy(cutOf(whole), whole, (cells, k) => quarterOf(data.months[cells.month[k]]));
    const format = (x) => (scope.isRatio ? ratio(x) : amount(x));
    const span = [start(shown[0].quarter), next(start(shown.at(-1).quarter), 3)];
    const rows = { volumes: [], intervals: [], means: [], values: [], last: [], one: scope.isRatio ? [{ y: 1 }] : [], span: [{ x: span[0], x2: span[1] }] };
    const hasRoom = boxOf("volume").clientWidth / shown.length > (scope.isRatio ? 34 : 44);
    shown.forEach((b, k) => {
      const from = start(b.quarter);
      const place = bar(from, next(from, 3), span);
      const middle = (place.x + place.x2) / 2;
      const sums = byQuarter.get(b.quarter) ?? empty();
      const name = quarterName(b.quarter) + (b.isRunning ? " (running)" : "");
      const interval = b.low === null ? "" : `, interval ${format(b.low).replace("×", "")} to ${format(b.high).replace("×", "")}`;
      const parts = ["human", "assisted", "ai"].map((key) => [key, sums[key], WORDS[key], fillOf(key, b.isRunning)]);
      const total = parts.reduce((n, part) => n + part[1], 0);
      const words = `${name}: ${format(b.value)}${interval}`;
      const pieces = hidden || !total
        ? [{ ...place, y: 0, y2: b.value, fill: colour("ink", b.isRunning), d: words }]
        : stackRows(place, parts, total, b.value, words, b.isRunning, (n) => `${percent(n / total)} of its lines`);
      rows.volumes.push(...pieces);
      if (b.low !== null) {
        if (b.low < b.value) rows.intervals.push({ x: middle, y: b.low, y2: Math.min(b.value, b.high), fill: "var(--paper)" });
        if (b.high > b.value) rows.intervals.push({ x: middle, y: Math.max(b.value, b.low), y2: b.high, fill: "var(--ink)" });
      }
      if (b.mean !== null) rows.means.push({ x: place.x2 - (place.x2 - place.x) * 0.22, x2: place.x2 + (place.x2 - place.x) * 0.12, y: b.mean });
      const top = Math.max(b.value, b.high ?? 0, b.mean ?? 0);
      if (k === shown.length - 1) rows.last.push({ x: place.x2, y: top, t: format(b.value) });
      else if (hasRoom && (!scope.isRatio || b.value >= 1.35)) rows.values.push({ x: middle, y: top, t: format(b.value) });
    });
    return {
      ...rows, says: scope.says, more: scope.more,
      table: {
        head: ["Quarter", scope.isRatio ? "Ratio" : "Lines a day", "Low", "High", "Mean engineer"],
        rows: shown.map((b) => [quarterName(b.quarter) + (b.isRunning ? ", running" : ""), format(b.value), ...[b.low, b.high, b.mean].map((x) => (x === null ? "" : format(x)))]),
      },
    };
  };

  const kindsRows = (pick) => {
    const within_ = within(pick);
    const by = sumsBy(cutOf(pick), { ...pick, tool: ALL }, (cells, k) => (within_(cells, k) ? quarterOf(data.months[cells.month[k]]) : null));
    const quarters = [...by.keys()].sort();
    const span = quarters.length ? [start(quarters[0]), next(start(quarters.at(-1)), 3)] : spanOf(pick.from, pick.to);
    const kinds = [];
    const table = [];
    quarters.filter((quarter) => by.get(quarter).denominator).forEach((quarter) => {
      const sums = by.get(quarter);
      const from = start(quarter);
      const hatched = data.isRunning && quarter === quarterOf(data.months[last]);
      const parts = [...KINDS].reverse().map(([key, words, token]) => [key, sums.kinds.get(key) ?? 0, words, colour(token, hatched)]);
      kinds.push(...stackRows(bar(from, next(from, 3), span), parts, sums.denominator, 1, quarterName(quarter), hatched,
        (n) => `${percent(n / sums.denominator)}, ${count(n)} lines`));
      table.push([quarterName(quarter), ...KINDS.map(([key]) => percent((sums.kinds.get(key) ?? 0) / sums.denominator))]);
    });
    const all = state.sums;
    const key = KINDS.map(([kind, words, token]) => [token, `${words} ${percent(share(all.kinds.get(kind) ?? 0, all.denominator) ?? 0)}`]);
    return { key, span: [{ x: span[0], x2: span[1] }], kinds, table: { head: ["Quarter", ...KINDS.map(([, words]) => words)], rows: table } };
  };

  const MOST_PARTS = 15;
  const partsRows = (pick, what) => {
    const others = { repository: { ...pick, repository: ALL }, team: { ...pick, team: ALL }, class: { ...pick, class: ALL } }[what];
    const within_ = within(pick);
    const name = what === "class" ? cutOf(pick) : what === "team" ? (pick.repository === ALL ? "team" : "both") : pick.team === ALL ? "repository" : "both";
    const index = { repository: (cells, k) => cells.places[cells.place[k]][0], team: (cells, k) => cells.places[cells.place[k]][1], class: (cells, k) => cells.file[k] }[what];
    const by = sumsBy(name, others, (cells, k) => (within_(cells, k) ? index(cells, k) : null));
    const names = { repository: data.repositories, team: data.teams, class: data.classes }[what];
    const every = [...by.entries()].filter(([, sums]) => sums.denominator).sort((a, b) => b[1].denominator - a[1].denominator || a[0] - b[0]);
    const rows = every.slice(0, MOST_PARTS).map(([k, sums]) => ({ k, part: names[k], sums }));
    if (every.length > MOST_PARTS) {
      const rest = every.slice(MOST_PARTS);
      rows.push({ k: null, part: `${rest.length} more`, sums: rest.reduce((all, [, sums]) => add(all, sums), empty()) });
    }
    const full = ({ k, part, sums }) => {
      const hidden = isThin(sums);
      const words = hidden
        ? `${part}: no share, ${percent(1 - sums.covered / sums.denominator)} of ${count(sums.denominator)} lines carry no evidence`
        : `${part}: ${percent(sums.numerator / sums.denominator)} = ${fraction(sums)}`;
      const room = boxOf(what).clientWidth / 7.4;
      const short = hidden ? `${part}: cannot be told` : `${part}: ${percent(sums.numerator / sums.denominator)} of ${count(sums.denominator)} lines`;
      const isOther = pick[what] !== ALL && pick[what] !== k;
      return { k, part, x: hidden ? 0 : sums.numerator / sums.denominator, fill: isOther ? "var(--evidence-4)" : "var(--ai)", t: words.length > room ? short : words, d: words };
    };
    return {
      parts: rows.map(full),
      table: {
        head: [what[0].toUpperCase() + what.slice(1), "Share", "AI lines", "Of lines", "Coverage"],
        rows: rows.map(({ part, sums }) => [part, isThin(sums) ? "cannot be told" : percent(sums.numerator / sums.denominator),
          isThin(sums) ? "" : count(sums.numerator), count(sums.denominator), percent(sums.covered / sums.denominator)]),
      },
    };
  };

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

  const rowsOf = (figure, state) => {
    const { pick, byMonth, sums, hidden } = state;
    const none = "Nothing to draw: no handwritten line was merged here, or the group is too small to be shown.";
    const unsure = "Too few of these lines carry evidence for a share; see the line at the top.";
    if (figure.name === "share" || figure.chart === "parts" || figure.name === "agents" || figure.name === "kinds") {
      if (!sums.denominator && figure.chart !== "parts") return { instead: none };
      if (hidden && figure.name !== "kinds") return { instead: unsure };
    }
    if (figure.name === "share") return { rows: shareRows(pick, byMonth) };
    if (figure.name === "lines") return state.total ? { rows: linesRows(pick, byMonth, hidden) } : { instead: none };
    if (figure.name === "agents") {
      const rows = agentsRows(pick, byMonth, sums);
      return rows.agents.length ? { rows } : { instead: "No line by an agent is on record here." };
    }
    if (figure.name === "volume") {
      const rows = volumeRows(pick, hidden);
      if (!rows.missing) return { rows };
      return {
        instead: pick.repository !== ALL && pick.team !== ALL
          ? "No volume is precomputed for a team within a repository, because it would come close to single persons. Pick a repository or a team."
          : `No volume is known here: nothing was merged in these quarters, or fewer than ${data.minimum} engineers were active.`,
      };
    }
    if (figure.name === "kinds") return { rows: kindsRows(pick) };
    return { rows: partsRows(pick, figure.name) };
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
    return Promise.all(figures.map((figure) => draw(figure)));
  };

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
    figure.axis = () => axisOf(span, plotWidth(figure), figure.name === "volume" || figure.name === "kinds");
    const height = figure.chart === "parts" ? ROW_HEIGHT * sets.parts.length : 0;
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
    if (figure.chart === "parts") {
      spec.height = figure.height;
      spec.layer.find((layer) => layer.mark.type === "text").mark.limit = figure.box.clientWidth - 8;
    }
    // a finger that scrolls would pick
    if (isPhone()) spec.params = spec.params.filter((param) => !param.select);
    if (figure.chart !== "parts") {
      const axis = figure.axis();
      spec.params.forEach((param) => { if (param.name in axis) param.value = axis[param.name]; });
    }
    spec.datasets = figure.rows;
    return spec;
  };

  const undraw = (figure) => { figure.finalize(); figure.view = null; };
  const plotWidth = (figure) => (figure.chart === "agents" ? panelWidth(figure.box) : figure.box.clientWidth - 52);
  const panelWidth = (box) => {
    const columns = columnsFor(box.clientWidth);
    return Math.floor((box.clientWidth - 44 - (columns - 1) * 28 - 12) / columns);
  };
  const shorten = (text, px) => {
    const fits = Math.floor(px / (12 * 0.66));
    return text.length <= fits ? text : `${text.slice(0, fits - 1).trimEnd()}…`;
  };
  const label = (figure) => {
    if (figure.chart !== "parts") Object.entries(figure.axis()).forEach(([name, value]) => figure.view.signal(name, value));
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
  update().then(() => { document.documentElement.dataset.drawn = "true"; });
  // for tests and for those who look under the hood
  window.explored = () => ({ pick: state.pick, sums: state.sums, views: Object.fromEntries(figures.map((figure) => [figure.name, figure.view])) });
})();
