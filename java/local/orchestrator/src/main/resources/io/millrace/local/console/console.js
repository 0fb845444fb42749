'use strict';

const SVG = 'http://www.w3.org/2000/svg';
const HEIGHT = 170, LEFT = 52, RIGHT = 8, TOP = 28, BOTTOM = 20, MARK_TEXT = 110;

const whole = new Intl.NumberFormat('en', {maximumFractionDigits: 0});
const short = new Intl.NumberFormat('en', {notation: 'compact', maximumFractionDigits: 1});
const seconds = s => s === null ? 'none yet' : s.toFixed(1) + ' s';
const perSecond = r => whole.format(r) + '/s';

// what a snapshot shows: in the row of numbers, in charts, in the table
const MEASURES = {
  in: {name: 'stored by the broker', of: s => s.in, text: perSecond},
  out: {name: 'read by the job', of: s => s.out, text: perSecond},
  lag: {name: 'lag, messages', of: s => s.lag, text: n => whole.format(n)},
  checkpoint: {name: 'last checkpoint took', of: s => s.checkpoint_ms > 0 ? s.checkpoint_ms / 1e3 : null, text: seconds},
  watermark: {name: 'watermark lag', of: s => s.watermark_lag_ms >= 0 ? s.watermark_lag_ms / 1e3 : null, text: seconds},
  rows: {name: 'rows in ClickHouse', of: s => s.rows, text: n => whole.format(n)},
};
const CHARTS = [
  {title: 'Messages a second', measures: ['in', 'out']},
  {title: 'Lag: messages stored, not yet read', measures: ['lag']},
  {title: 'Event time behind the clock', measures: ['watermark']},
  {title: 'Duration of checkpoints', measures: ['checkpoint']},
  {title: 'Rows in ClickHouse', measures: ['rows']},
];

const snapshots = [];
const marks = [];

const $ = id => document.getElementById(id);

function element(parent, name, attributes = {}, text = null) {
  const node = parent.namespaceURI === SVG || name === 'svg'
    ? document.createElementNS(SVG, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== null) node.textContent = text;
  parent.append(node);
  return node;
}

/** A round number at least as large. */
function ceiling(value) {
  const unit = 10 ** Math.floor(Math.log10(Math.max(value, 1e-9)));
  return [1, 1.5, 2, 3, 4, 6, 8, 10].map(f => f * unit).find(v => v >= value * 0.999);
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
    this.svg = element(figure, 'svg', {tabindex: 0, role: 'img'});
    this.width = 560;
    this.svg.addEventListener('pointermove', e => this.point(e));
    this.svg.addEventListener('pointerleave', () => this.move(null));
    this.svg.addEventListener('blur', () => this.move(null));
    this.svg.addEventListener('keydown', e => this.press(e));
  }

  press(event) {
    const last = snapshots.length - 1, at = this.cursor ?? last;
    const to = {ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last}[event.key];
    if (to === undefined || last < 0) return;
    event.preventDefault();
    this.move(Math.max(0, Math.min(last, to)));
  }

  point(event) {
    const box = this.svg.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width * this.width;
    const time = (x - LEFT) / (this.width - LEFT - RIGHT) * this.end();
    let nearest = null;
    snapshots.forEach((s, i) => {
      if (nearest === null || Math.abs(s.elapsed_s - time) < Math.abs(snapshots[nearest].elapsed_s - time)) nearest = i;
    });
    this.move(nearest);
  }

  move(cursor) { this.cursor = cursor; this.draw(); }

  end() { return Math.max(10, snapshots.at(-1)?.elapsed_s ?? 0); }

  x(time) { return LEFT + time / this.end() * (this.width - LEFT - RIGHT); }

  draw() {
    const values = snapshots.flatMap(s => this.measures.map(m => m.of(s))).filter(v => v !== null);
    const top = ceiling(Math.max(1, ...values));
    const y = v => HEIGHT - BOTTOM - v / top * (HEIGHT - TOP - BOTTOM);
    this.width = this.svg.clientWidth || this.width;
    this.svg.setAttribute('viewBox', `0 0 ${this.width} ${HEIGHT}`);
    this.svg.replaceChildren();
    for (const v of [0, top / 2, top]) {
      element(this.svg, 'line', {class: 'grid', x1: LEFT, x2: this.width - RIGHT, y1: y(v), y2: y(v)});
      element(this.svg, 'text', {x: LEFT - 6, y: y(v) + 4, 'text-anchor': 'end'}, short.format(v));
    }
    element(this.svg, 'text', {x: LEFT, y: HEIGHT - 5}, '0 s');
    element(this.svg, 'text', {x: this.width - RIGHT, y: HEIGHT - 5, 'text-anchor': 'end'}, this.end().toFixed(0) + ' s');
    marks.forEach((mark, i) => {
      const at = this.x(mark.time);
      element(this.svg, 'line', {class: 'mark', x1: at, x2: at, y1: TOP, y2: HEIGHT - BOTTOM});
      const anchor = at > this.width - MARK_TEXT ? 'end' : 'start';
      element(this.svg, 'text', {class: 'marked', x: at, y: TOP - (i % 2 ? 3 : 15), 'text-anchor': anchor}, mark.text);
    });
    this.measures.forEach((measure, i) => {
      const points = snapshots.filter(s => measure.of(s) !== null)
        .map(s => this.x(s.elapsed_s).toFixed(1) + ',' + y(measure.of(s)).toFixed(1));
      element(this.svg, 'polyline', {class: 'series s' + i, points: points.join(' ')});
    });
    this.describe();
  }

  describe() {
    const shown = snapshots[this.cursor ?? snapshots.length - 1];
    if (!shown) return;
    if (this.cursor !== null) {
      const at = this.x(shown.elapsed_s);
      element(this.svg, 'line', {class: 'cursor', x1: at, x2: at, y1: TOP, y2: HEIGHT - BOTTOM});
    }
    this.key.replaceChildren();
    const when = this.cursor === null ? '' : 'at ' + shown.elapsed_s.toFixed(0) + ' s ';
    if (when) element(this.key, 'span', {}, when);
    const texts = this.measures.map((m, i) => {
      const value = m.of(shown) === null ? 'none yet' : m.text(m.of(shown));
      const label = this.measures.length > 1 ? m.name + ' ' + value : value;
      element(this.key, 'span', {class: 'k' + i}, (i ? ' · ' : '') + label);
      return label;
    });
    this.svg.setAttribute('aria-label', `${this.title}: ${when}${texts.join(', ')}`);
  }
}

window.addEventListener('resize', () => draw());

const charts = CHARTS.map(c => new Chart(c));

function tiles() {
  const now = snapshots.at(-1);
  const shown = Object.values(MEASURES).map(m => [m.name, m.of(now) === null ? 'none yet' : m.text(m.of(now))]);
  shown.push(['checkpoints', whole.format(now.checkpoints)
    + (now.failed_checkpoints ? `, ${whole.format(now.failed_checkpoints)} failed` : '')]);
  shown.push(['job', now.job_state.toLowerCase()]);
  tile(shown);
}

function tile(shown) {
  $('now').replaceChildren();
  for (const [name, value] of shown) {
    const box = element($('now'), 'div');
    element(box, 'dt', {}, name);
    element(box, 'dd', {}, value);
  }
}

function table() {
  const head = document.querySelector('thead'), body = document.querySelector('tbody');
  if (!head.firstChild) {
    const row = element(head, 'tr');
    ['second', ...Object.values(MEASURES).map(m => m.name)].forEach(n => element(row, 'th', {scope: 'col'}, n));
  }
  body.replaceChildren();
  for (const s of snapshots.slice(-30).reverse()) {
    const row = element(body, 'tr');
    element(row, 'th', {scope: 'row'}, s.elapsed_s.toFixed(0));
    Object.values(MEASURES).forEach(m => element(row, 'td', {}, m.of(s) === null ? '' : m.text(m.of(s))));
  }
}

function take(snapshot) {
  const before = snapshots.at(-1);
  snapshot.in = snapshot.produce_rate;
  snapshot.out = 0;
  if (before) {
    const read = (snapshot.produced - snapshot.lag) - (before.produced - before.lag);
    snapshot.out = Math.max(0, read / Math.max(1e-3, snapshot.elapsed_s - before.elapsed_s));
    if (before.job_state !== snapshot.job_state) {
      marks.push({time: snapshot.elapsed_s, text: 'job ' + snapshot.job_state.toLowerCase()});
    }
  }
  snapshots.push(snapshot);
}

function verdict(report) {
  const passed = report.audit === 'PASS', box = $('verdict'), n = whole.format;
  box.className = passed ? 'pass' : 'fail';
  box.replaceChildren();
  element(box, 'p', {class: 'title'}, 'Audit ' + report.audit);
  element(box, 'p', {}, `produced ${n(report.produced)} = aggregated ${n(report.aggregated)} + late ${n(report.late)}`
    + ` + dead letters ${n(report.dead_letter)}`);
  element(box, 'p', {}, `lost ${n(report.lost)}, duplicated ${n(report.duplicated)},`
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
    if (snapshots.length) { tiles(); table(); }
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
};
source.onmessage = message => {
  const event = JSON.parse(message.data);
  switch (event.type) {
    case 'endpoint': endpoint(event); break;
    case 'phase': $('phase').textContent = event.description; break;
    case 'snapshot': take(event); break;
    case 'verdict': verdict(event.report); $('phase').textContent = 'the run is over'; over = true; break;
    case 'failed': failed(event.reason); over = true; break;
  }
  if (over) source.close();
  draw();
};
source.onerror = () => { if (!over) $('phase').textContent = 'the run has ended or cannot be reached'; };
draw();
