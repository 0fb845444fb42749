'use strict';

const whole = new Intl.NumberFormat('en', {maximumFractionDigits: 0});
const short = new Intl.NumberFormat('en', {notation: 'compact', maximumFractionDigits: 2});
const seconds = s => s === null ? 'none yet' : s.toFixed(1) + ' s';
const perSecond = r => whole.format(r) + '/s';
const count = n => whole.format(n);

// what a snapshot shows: in the row of numbers, in charts, in the table
const MEASURES = {
  in: {name: 'stored by the broker', of: s => s.in, text: perSecond},
  out: {name: 'read by the job', of: s => s.out, text: perSecond},
  lag: {name: 'lag, messages', of: s => s.lag, text: count},
  checkpoint: {name: 'last checkpoint took', of: s => s.checkpoint_ms > 0 ? s.checkpoint_ms / 1e3 : null, text: seconds},
  watermark: {name: 'watermark lag', of: s => s.watermark_lag_ms >= 0 ? s.watermark_lag_ms / 1e3 : null, text: seconds},
  rows: {name: 'rows in ClickHouse', of: s => s.rows, text: count},
  alerts: {name: 'events over a threshold', of: s => s.alerts, text: count},
  late: {name: 'late events', of: s => s.late, text: count},
  dead: {name: 'dead letters', of: s => s.dead_letters, text: count},
};
const CHARTS = [
  {title: 'Messages a second', measures: ['in', 'out']},
  {title: 'Lag: messages stored, not yet read', measures: ['lag']},
  {title: 'Event time behind the clock, seconds', measures: ['watermark']},
  {title: 'Duration of checkpoints, seconds', measures: ['checkpoint']},
  {title: 'Rows in ClickHouse', measures: ['rows']},
  {title: 'Not aggregated', measures: ['late', 'dead']},
];
const MARKS = {fault: 'bad', recovered: 'good', state: 'mark'};
const HEIGHT = 190, MARK_ROOM = 30, FONT = '11px system-ui, sans-serif';

const snapshots = [];
const marks = [];

const $ = id => document.getElementById(id);
const color = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();

function element(parent, name, attributes = {}, text = null) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== null) node.textContent = text;
  parent.append(node);
  return node;
}

class Chart {
  constructor({title, measures}) {
    this.title = title;
    this.measures = measures.map(m => MEASURES[m]);
    this.cursor = null;
    const figure = element($('charts'), 'figure');
    const caption = element(figure, 'figcaption');
    element(caption, 'h2', {}, title);
    this.key = element(caption, 'div', {class: 'key'});
    this.box = element(figure, 'div', {class: 'plot', tabindex: 0, role: 'img', 'aria-label': title + ': nothing yet'});
    this.box.addEventListener('keydown', e => this.press(e));
    this.box.addEventListener('blur', () => this.move(null));
    this.build();
  }

  /** Colours are taken when it is built, so it is built again when light turns dark. */
  build() {
    this.plot?.destroy();
    const axis = {stroke: color('quiet'), font: FONT, grid: {stroke: color('line'), width: 1}, ticks: {show: false}};
    this.plot = new uPlot({
      width: this.box.clientWidth || 560, height: HEIGHT,
      legend: {show: false},
      cursor: {y: false, drag: {x: false, y: false}, points: {size: 6}},
      scales: {x: {time: false, range: (u, min, max) => [0, Math.max(10, max ?? 0)]},
        y: {range: (u, min, max) => [0, Math.max(1, (max ?? 0) * 1.1)]}},
      padding: [MARK_ROOM, 8, 0, 0],
      axes: [{...axis, size: 24, values: (u, v) => v.map(t => t + ' s')},
        {...axis, size: 56, values: (u, v) => v.map(n => short.format(n))}],
      series: [{}, ...this.measures.map((m, i) => ({
        label: m.name, stroke: color(i ? 'second' : 'first'), width: 2, dash: i ? [6, 3] : undefined,
        spanGaps: true, points: {show: false}}))],
      hooks: {
        draw: [u => this.drawMarks(u)],
        setCursor: [u => {
          if (u.cursor.left >= 0 && u.cursor.idx !== null) this.cursor = u.cursor.idx;
          else if (!this.byKey) this.cursor = null;
          this.describe();
        }],
      },
    }, this.data(), this.box);
  }

  data() {
    return [snapshots.map(s => s.elapsed_s), ...this.measures.map(m => snapshots.map(s => m.of(s)))];
  }

  press(event) {
    const last = snapshots.length - 1, at = this.cursor ?? last;
    const to = {ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last}[event.key];
    if (event.key === 'Escape') this.move(null);
    if (to === undefined || last < 0) return;
    event.preventDefault();
    this.move(Math.max(0, Math.min(last, to)));
  }

  move(cursor) {
    this.cursor = cursor;
    this.byKey = cursor !== null;
    this.plot.setCursor(cursor === null ? {left: -10, top: -10}
      : {left: this.plot.valToPos(snapshots[cursor].elapsed_s, 'x'), top: 0});
    this.cursor = cursor;
    this.describe();
  }

  draw() {
    if (this.box.clientWidth && this.box.clientWidth !== this.plot.width) {
      this.plot.setSize({width: this.box.clientWidth, height: HEIGHT});
    }
    this.plot.setData(this.data());
    this.describe();
  }

  drawMarks(u) {
    const {ctx, bbox} = u, ratio = devicePixelRatio;
    ctx.save();
    ctx.font = `${11 * ratio}px system-ui, sans-serif`;
    ctx.textAlign = 'left';
    ctx.textBaseline = 'alphabetic';
    const seen = [];
    for (const mark of marks) {
      const at = u.valToPos(mark.time, 'x', true);
      if (at < bbox.left || at > bbox.left + bbox.width) continue;
      ctx.strokeStyle = color(MARKS[mark.kind]);
      ctx.lineWidth = ratio;
      ctx.setLineDash(mark.kind === 'fault' ? [] : [3 * ratio, 3 * ratio]);
      ctx.beginPath();
      ctx.moveTo(at, bbox.top);
      ctx.lineTo(at, bbox.top + bbox.height);
      ctx.stroke();
      seen.push({...mark, at});
    }
    // two lines of text above the chart, faults before all else; what finds no room is in the list of events
    const gap = 8 * ratio, rows = [[], []];
    for (const kind of ['fault', 'recovered']) {
      ctx.fillStyle = color(MARKS[kind]);
      for (const {at, text} of seen.filter(mark => mark.kind === kind)) {
        const width = ctx.measureText(text).width, left = Math.min(at, bbox.left + bbox.width - width);
        const free = row => row.every(other => left > other.right + gap || left + width + gap < other.left);
        const row = rows.findIndex(free);
        if (row < 0) continue;
        ctx.fillText(text, left, bbox.top - (row ? 18 : 5) * ratio);
        rows[row].push({left, right: left + width});
      }
    }
    ctx.restore();
  }

  describe() {
    const shown = snapshots[this.cursor ?? snapshots.length - 1];
    if (!shown) return;
    this.key.replaceChildren();
    const when = this.cursor === null ? '' : 'at ' + shown.elapsed_s.toFixed(0) + ' s ';
    if (when) element(this.key, 'span', {}, when);
    const texts = this.measures.map((m, i) => {
      const value = m.of(shown) === null ? 'none yet' : m.text(m.of(shown));
      const label = this.measures.length > 1 ? m.name + ' ' + value : value;
      element(this.key, 'span', {class: 'k' + i}, (i ? ' · ' : '') + label);
      return label;
    });
    this.box.setAttribute('aria-label', `${this.title}: ${when}${texts.join(', ')}`);
  }
}

const charts = CHARTS.map(c => new Chart(c));
window.addEventListener('resize', () => draw());
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => charts.forEach(c => c.build()));

function tiles() {
  const now = snapshots.at(-1);
  const shown = Object.values(MEASURES).map(m => [m.name, m.of(now) === null ? 'none yet' : m.text(m.of(now))]);
  shown.push(['checkpoints', count(now.checkpoints)
    + (now.failed_checkpoints ? `, ${count(now.failed_checkpoints)} failed` : '')]);
  shown.push(['job', now.job_state.toLowerCase()]);
  $('now').replaceChildren();
  for (const [name, value] of shown) {
    const box = element($('now'), 'div');
    element(box, 'dt', {}, name);
    element(box, 'dd', {}, value);
  }
}

function fill(table, columns, rows) {
  const head = table.querySelector('thead'), body = table.querySelector('tbody');
  head.replaceChildren();
  body.replaceChildren();
  const titles = element(head, 'tr');
  columns.forEach(name => element(titles, 'th', {scope: 'col'}, name));
  for (const [first, ...rest] of rows) {
    const row = element(body, 'tr');
    element(row, 'th', {scope: 'row'}, first);
    rest.forEach(value => element(row, 'td', {}, value));
  }
}

function numbers() {
  const measures = Object.values(MEASURES);
  fill($('numbers'), ['second', ...measures.map(m => m.name)],
    snapshots.slice(-30).reverse().map(s =>
      [s.elapsed_s.toFixed(0), ...measures.map(m => m.of(s) === null ? '' : m.text(m.of(s)))]));
}

function windowRows({columns, rows}) {
  $('window-title').textContent = rows.length
    ? `Newest window, by source: those with the most alerts` : 'Newest window, by source: none yet';
  fill($('window'), columns, rows);
}

function mark(time, kind, text) {
  // a fault is told when it is over, and stands where it began
  marks.push({time, kind, text});
  marks.sort((a, b) => a.time - b.time);
  $('no-events').hidden = true;
  const item = element($('events'), 'li', {class: kind});
  element(item, 'span', {class: 'when'}, time.toFixed(0) + ' s ');
  item.append(text);
  const newerFirst = [...marks].reverse();
  $('events').insertBefore(item, $('events').children[newerFirst.findIndex(m => m.text === text && m.time === time)]);
}

function take(snapshot) {
  const before = snapshots.at(-1);
  snapshot.in = snapshot.produce_rate;
  snapshot.out = 0;
  if (before) {
    const read = (snapshot.produced - snapshot.lag) - (before.produced - before.lag);
    snapshot.out = Math.max(0, read / Math.max(1e-3, snapshot.elapsed_s - before.elapsed_s));
    if (before.job_state !== snapshot.job_state) {
      mark(snapshot.elapsed_s, 'state', 'job ' + snapshot.job_state.toLowerCase());
    }
  }
  snapshots.push(snapshot);
}

function verdict(report) {
  const passed = report.audit === 'PASS', box = $('verdict'), n = whole.format;
  box.className = passed ? 'pass' : 'fail';
  box.replaceChildren();
  element(box, 'p', {class: 'title'}, 'Audit ' + report.audit);
  const balances = report.produced + report.others === report.aggregated + report.late + report.dead_letter;
  element(box, 'p', {}, `produced ${n(report.produced)}${report.others ? ` + of others ${n(report.others)}` : ''}`
    + ` = aggregated ${n(report.aggregated)} + late ${n(report.late)} + dead letters ${n(report.dead_letter)}`
    + (balances ? '' : ' does not hold'));
  element(box, 'p', {}, `lost ${n(report.lost)}, duplicated ${n(report.duplicated)}, misplaced ${n(report.misplaced)},`
    + ` mismatched rows ${n(report.mismatched_rows)} of ${n(report.rows)} in ${n(report.windows)} windows`);
}

function failed(reason) {
  $('verdict').className = 'fail';
  $('verdict').replaceChildren();
  element($('verdict'), 'p', {class: 'title'}, 'The run failed');
  element($('verdict'), 'p', {}, reason);
}

let drawing = false;
function draw() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    if (snapshots.length) { tiles(); numbers(); }
    charts.forEach(c => c.draw());
  });
}

function endpoint({name, address}) {
  const item = element($('endpoints'), 'li', {}, name + ': ');
  const url = address.match(/^http:\/\/127\.0\.0\.1:\d+[^\s]*/)?.[0];
  if (url) element(item, 'a', {href: url}, address); else item.append(address);
}

const source = new EventSource('events');
let over = false;
source.onopen = () => {
  // the server tells it all again
  snapshots.length = 0;
  marks.length = 0;
  $('endpoints').replaceChildren();
  $('events').replaceChildren();
};
source.onmessage = message => {
  const event = JSON.parse(message.data);
  switch (event.type) {
    case 'endpoint': endpoint(event); break;
    case 'phase': $('phase').textContent = event.description; break;
    case 'mark': mark(event.elapsed_s, event.kind, event.text); break;
    case 'rows': windowRows(event); break;
    case 'snapshot': take(event); break;
    case 'verdict': verdict(event.report); $('phase').textContent = 'the run is over'; over = true; break;
    case 'failed': failed(event.reason); over = true; break;
  }
  if (over) source.close();
  draw();
};
source.onerror = () => { if (!over) $('phase').textContent = 'the run has ended or cannot be reached'; };
draw();
