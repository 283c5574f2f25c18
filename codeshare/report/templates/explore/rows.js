// Rows of the charts of lines: what of each month, quarter, agent or part is drawn, and its table.
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

const AGES = [1, 7, 30, 100, 200, 365, 730, 1461, 2922, 5844];
const agesOf = (end, px) => {
  const ages = (step) => Array.from({ length: Math.floor(end / step) }, (_, k) => ({ at: (k + 1) * step, text: `${count((k + 1) * step)} days` }));
  // the last one has the room that the values at the ends of the curves take
  const labels = [{ at: 0, text: "0" }, ...(AGES.map(ages).find((each) => fit(each, [0, end], px)) ?? ages(AGES.at(-1)))];
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
  const parts = percents(KINDS.map(([kind]) => share(all.kinds.get(kind) ?? 0, all.denominator) ?? 0));
  const key = KINDS.map(([, words, token], k) => [token, `${words} ${parts[k]}`]);
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
