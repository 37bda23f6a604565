// What the tip says: in a picture of curves the values of all arms that are shown, at the pointer or
// where the arrow keys have moved to; on a bar the figures that its arm has in the table.
(() => {
  'use strict';

  // --- numbers as the terminal has them: 1.50 s, 9.52 MB, 38.2k ---

  const scaled = (value, steps) => {
    const [factor, unit] = steps.find(([least]) => Math.abs(value) >= least * 0.9995) ?? steps.at(-1);
    const number = value / factor;
    return `${Math.abs(number) >= 100 ? Math.round(number) : number.toPrecision(3)}${unit}`;
  };
  const TIMES = [[1e3, ' s'], [1, ' ms'], [1e-3, ' us'], [1e-6, ' ns']];
  const BYTES = [[1e12, ' TB'], [1e9, ' GB'], [1e6, ' MB'], [1e3, ' kB'], [1, ' B']];
  const COUNTS = [[1e9, 'G'], [1e6, 'M'], [1e3, 'k']];

  function amount(value, unit) {
    if (unit === 'ms') return value === 0 ? '0 ms' : scaled(value, TIMES);
    if (unit === 'B') return scaled(value, BYTES);
    const number = Math.abs(value) >= 1e4 ? scaled(value, COUNTS) : String(Number(value.toPrecision(4)));
    return unit === '' || unit.startsWith('/') ? number + unit : `${number} ${unit}`;
  }

  // ">8.1*": a lower bound, of too few samples.
  function valueText(y, unit) {
    const [, sign, number, mark] = /^([<>]?)(.*?)(\*?)$/.exec(y);
    return { '': '', '<': '\u2264', '>': '\u2265' }[sign] + amount(Number(number), unit) + mark;
  }

  function placeText(x, across) {
    if (across === 'time') return `${Number(x.toPrecision(4))} s`;
    return `p${Number((100 - 100 / x).toFixed(Math.max(1, Math.ceil(Math.log10(x)) - 1)))}`;
  }

  // --- a picture of curves ---

  function pictureOf(figure) {
    const [data, svg] = [figure.querySelector('script.points'), figure.querySelector('svg')];
    return data && svg ? { figure, svg, ...JSON.parse(data.textContent) } : null;
  }

  function rowOf(figure, arm) {
    return figure.closest('.chapter').querySelector(`tr[data-arm="${arm}"]`);
  }

  function isShown(figure, arm) {
    return !rowOf(figure, arm)?.classList.contains('dimmed');
  }

  const scale = (axis, x) => (axis[7] ? Math.log(x) : x);

  function xAt(axis, share) {
    const [from, to] = [scale(axis, axis[5]), scale(axis, axis[6])];
    const x = from + ((share - axis[1]) / (axis[2] - axis[1])) * (to - from);
    return axis[7] ? Math.exp(x) : x;
  }

  function shareAt(axis, x) {
    const [from, to] = [scale(axis, axis[5]), scale(axis, axis[6])];
    return axis[1] + ((scale(axis, x) - from) / (to - from)) * (axis[2] - axis[1]);
  }

  function nearest(axis, xs, x) {
    let best = 0;
    for (let i = 1; i < xs.length; i++)
      if (Math.abs(scale(axis, xs[i]) - scale(axis, x)) < Math.abs(scale(axis, xs[best]) - scale(axis, x))) best = i;
    return best;
  }

  // The sorts of curves that a panel has, of arms that are shown.
  function sortsOf(picture, axis) {
    return picture.panels.filter((panel) => panel.panel === axis[0]).map((panel) => ({
      ...panel,
      curves: panel.curves.filter(([arm]) => isShown(picture.figure, arm)),
    }));
  }

  // Where the cursor may stand: at the points of the curve that goes on for longest.
  function placesOf(picture, sorts) {
    const all = sorts.flatMap((sort) => sort.curves.map(([, at]) => picture.x[at]));
    return all.reduce((longest, xs) => (xs.at(-1) > (longest.at(-1) ?? -Infinity) ? xs : longest), []);
  }

  // Beyond its last point a curve says nothing.
  function valueAt(picture, axis, [, at, ys], x) {
    const xs = picture.x[at];
    const step = picture.across === 'time' ? xs.at(-1) - (xs.at(-2) ?? 0) : 0;
    return x > xs.at(-1) + step / 2 ? null : ys[nearest(axis, xs, x)];
  }

  function nameOf(picture, arm, sort) {
    return rowOf(picture.figure, arm)?.cells[0].textContent.replace(/!$/, '') ?? sort.name;
  }

  // "pool: 296 ms, with unfinished 8.12 s", a line for each arm.
  function linesAt(picture, axis, x) {
    const sorts = sortsOf(picture, axis);
    const arms = new Map();
    sorts.forEach((sort, i) => {
      for (const curve of sort.curves) {
        const value = valueAt(picture, axis, curve, x);
        if (value === null || value === undefined) continue;
        if (!arms.has(curve[0])) arms.set(curve[0], []);
        arms.get(curve[0]).push((i === 0 ? '' : `${sort.name} `) + valueText(value, sort.unit));
      }
    });
    const head = picture.across === 'time' ? `${sorts[0].name} at ${placeText(x, picture.across)}` : placeText(x, picture.across);
    return [head, ...[...arms].sort(([a], [b]) => a - b).map(([arm, texts]) => `${nameOf(picture, arm, sorts[0])}: ${texts.join(', ')}`)];
  }

  // --- the cursor ---

  function drawCursor(picture, axis, x) {
    const { width, height } = picture.svg.viewBox.baseVal;
    picture.line ??= document.createElementNS('http://www.w3.org/2000/svg', 'line');
    picture.line.setAttribute('class', 'cursor');
    const at = shareAt(axis, x) * width;
    for (const [name, value] of Object.entries({ x1: at, x2: at, y1: axis[3] * height, y2: axis[4] * height }))
      picture.line.setAttribute(name, value.toFixed(1));
    picture.svg.append(picture.line);
  }

  function clear(picture) {
    picture.line?.remove();
    picture.at = null;
  }

  // The lines for a place on the page, or null outside of the panels.
  function under(picture, event) {
    const box = picture.svg.getBoundingClientRect();
    const [across, down] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    const axis = picture.axes.find(([, left, right, top, bottom]) => across >= left && across <= right && down >= top && down <= bottom);
    const places = axis ? placesOf(picture, sortsOf(picture, axis)) : [];
    if (places.length === 0) return null;
    const x = places[nearest(axis, places, xAt(axis, across))];
    drawCursor(picture, axis, x);
    return linesAt(picture, axis, x);
  }

  // --- the tip ---

  // A sweep has several rows for an arm.
  function figuresOf(chapter, node) {
    if (chapter.classList.contains('sweep')) return null;
    const name = /\b[fsc]-a(\d+)\b/.exec(node.getAttribute?.('class') ?? '');
    const row = name && chapter.querySelector(`tr[data-arm="${name[1]}"]`);
    if (!row) return null;
    const heads = [...row.closest('table').tHead.rows[0].cells].map((cell) => cell.textContent);
    const texts = [...row.cells].map((cell) => cell.firstChild?.nodeName === '#text' ? cell.firstChild.data : cell.textContent);
    return [row.cells[0].textContent, ...texts.slice(1).map((text, i) => `${heads[i + 1]} ${text}`)];
  }

  function showTip(tip, lines, left, top) {
    tip.hidden = !lines;
    if (!lines) return;
    tip.replaceChildren(...lines.map((line) => Object.assign(document.createElement('div'), { textContent: line })));
    tip.style.left = `${Math.max(4, Math.min(left + 14, innerWidth - tip.offsetWidth - 4))}px`;
    tip.style.top = `${Math.max(4, Math.min(top + 14, innerHeight - tip.offsetHeight - 4))}px`;
  }

  function followPointer(chapter, pictures, tip) {
    const follow = (event) => {
      const figure = event.target.closest?.('.picture');
      const isInside = figure && event.target.closest('svg');
      for (const [other, picture] of pictures) if (other !== figure || !isInside) clear(picture);
      const picture = isInside && pictures.get(figure);
      const lines = isInside && ((picture && under(picture, event)) ?? figuresOf(chapter, event.target));
      showTip(tip, lines || null, event.clientX, event.clientY);
    };
    chapter.addEventListener('pointermove', follow);
    chapter.addEventListener('pointerdown', follow);
    chapter.addEventListener('pointerleave', () => {
      tip.hidden = true;
      for (const picture of pictures.values()) clear(picture);
    });
  }

  // --- the keyboard: left and right move the cursor, up and down change the panel ---

  const MOVES = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity, ArrowUp: 0, ArrowDown: 0 };

  function move(picture, key) {
    const shown = picture.axes.filter((axis) => placesOf(picture, sortsOf(picture, axis)).length > 0);
    if (shown.length === 0) return null;
    const at = picture.at ?? { panel: 0, x: null };
    at.panel = Math.min(Math.max(at.panel + ({ ArrowUp: -1, ArrowDown: 1 }[key] ?? 0), 0), shown.length - 1);
    const axis = shown[at.panel];
    const places = placesOf(picture, sortsOf(picture, axis));
    const now = at.x === null ? (MOVES[key] < 0 ? places.length : -1) : nearest(axis, places, at.x);
    at.x = places[Math.min(Math.max(now + MOVES[key], 0), places.length - 1)];
    picture.at = at;
    return axis;
  }

  function showCursor(picture, axis, region, tip) {
    const lines = linesAt(picture, axis, picture.at.x);
    drawCursor(picture, axis, picture.at.x);
    const place = picture.svg.getBoundingClientRect();
    const left = shareAt(axis, picture.at.x) * place.width;
    region.scrollLeft = left - region.clientWidth / 2;
    const box = picture.svg.getBoundingClientRect();
    showTip(tip, lines, box.left + left, box.top + axis[3] * box.height);
    picture.heard.textContent = lines.join('; ');
  }

  function followKeys(picture, tip) {
    const region = picture.svg.closest('.scroll');
    picture.heard = Object.assign(document.createElement('p'), { className: 'heard' });
    picture.heard.setAttribute('aria-live', 'polite');
    picture.figure.append(picture.heard);
    region.setAttribute('aria-description', 'The left and right arrow keys read the values; up and down change the panel.');
    const leave = () => { clear(picture); tip.hidden = true; picture.heard.textContent = ''; };
    region.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') leave();
      const isPanel = event.key === 'ArrowUp' || event.key === 'ArrowDown';
      if (!(event.key in MOVES) || event.ctrlKey || event.altKey || event.metaKey || (isPanel && !picture.at)) return;
      const axis = move(picture, event.key);
      if (!axis) return;
      event.preventDefault();
      showCursor(picture, axis, region, tip);
    });
    region.addEventListener('blur', leave);
  }

  function watch(chapter) {
    const tip = Object.assign(document.createElement('div'), { className: 'tip', hidden: true });
    tip.setAttribute('aria-hidden', 'true');
    chapter.append(tip);
    const pictures = new Map([...chapter.querySelectorAll('.picture')].map((figure) => [figure, pictureOf(figure)]).filter(([, picture]) => picture));
    for (const picture of pictures.values()) followKeys(picture, tip);
    followPointer(chapter, pictures, tip);
  }

  document.querySelectorAll('.chapter').forEach(watch);
})();
