// What a page can do beside being read: the theme, sorting, arms on and off, printing; tip.js has the values under the pointer. No request, no library, nothing stored.
'use strict';
(() => {
  const root = document.documentElement;

  function make(tag, properties, ...children) {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
  }

  // --- theme ---

  const prefersDark = matchMedia('(prefers-color-scheme: dark)');

  function isDark() {
    return root.dataset.theme ? root.dataset.theme === 'dark' : prefersDark.matches;
  }

  function themeButton() {
    const button = make('button', { type: 'button', id: 'theme' });
    const label = () => { button.textContent = isDark() ? 'Light' : 'Dark'; };
    button.setAttribute('aria-label', 'Change between light and dark');
    button.addEventListener('click', () => {
      root.dataset.theme = isDark() ? 'light' : 'dark';
      label();
    });
    prefersDark.addEventListener('change', label);
    label();
    document.querySelector('.top').append(button);
  }

  // --- sorting ---

  // Rows without a value come last, whichever way.
  function compare(a, b, column, sign) {
    const [x, y] = [a, b].map((row) => row.cells[column]);
    if (column === 0) return sign * x.textContent.localeCompare(y.textContent, 'en', { numeric: true });
    const [p, q] = [x, y].map((cell) => (cell.dataset.v === undefined ? NaN : Number(cell.dataset.v)));
    if (Number.isNaN(p) || Number.isNaN(q)) return Number.isNaN(p) - Number.isNaN(q);
    return sign * (p - q);
  }

  function sortBy(table, head, column) {
    const up = head.getAttribute('aria-sort') !== 'ascending';
    for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
    const body = table.tBodies[0];
    body.append(...[...body.rows].sort((a, b) => compare(a, b, column, up ? 1 : -1)));
  }

  function makeSortable(table) {
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = make('button', { type: 'button' }, ...head.childNodes);
      button.addEventListener('click', () => sortBy(table, head, column));
      head.append(button);
    });
  }

  // --- arms on and off ---

  // Beyond twenty, which no picture shows, colours come again.
  function armsOf(chapter) {
    const arms = new Map();
    for (const row of chapter.querySelectorAll('tr[data-arm]')) {
      const colour = Number(row.dataset.arm) % 20;
      const arm = arms.get(colour) ?? { colour, names: [], rows: [] };
      const name = row.cells[0].textContent.replace(/!$/, '');
      if (!arm.names.includes(name)) arm.names.push(name);
      arm.rows.push(row);
      arms.set(colour, arm);
    }
    return [...arms.values()];
  }

  function show(chapter, arm, isShown) {
    for (const row of arm.rows) row.classList.toggle('dimmed', !isShown);
    const name = `a${arm.colour}`;
    for (const node of chapter.querySelectorAll(`.picture :is(.f-${name}, .s-${name}, .c-${name})`))
      node.classList.toggle('off', !isShown);
  }

  // The name of an arm in a picture: "pool", "pool  (3,290)".
  function keysOf(chapter, name) {
    return [...chapter.querySelectorAll('.picture svg text')].filter((text) => {
      const words = text.textContent.trim();
      return words === name || words.startsWith(`${name}  (`);
    });
  }

  function switchFor(chapter, arm) {
    const box = make('input', { type: 'checkbox', checked: true });
    const flip = () => show(chapter, arm, box.checked);
    box.addEventListener('change', flip);
    for (const key of arm.names.flatMap((name) => keysOf(chapter, name))) {
      key.classList.add('key');
      key.addEventListener('click', () => { box.checked = !box.checked; flip(); });
    }
    const swatch = make('span', { className: `swatch b-a${arm.colour}` });
    const name = arm.names.slice(0, 3).join(', ') + (arm.names.length > 3 ? ', ..' : '');
    return make('label', {}, box, ' ', swatch, make('bdi', {}, name));
  }

  function armSwitches(chapter) {
    const pictures = chapter.querySelector('.picture svg') && chapter.querySelector('.picture').parentNode;
    const arms = armsOf(chapter);
    if (!pictures || arms.length < 2) return;
    const field = make('fieldset', { className: 'arms' }, make('legend', {}, 'Arms shown'));
    field.append(...arms.map((arm) => switchFor(chapter, arm)));
    pictures.querySelector('h2, h3').after(field);
  }

  // --- print: what is folded is printed too ---

  function unfoldForPrint() {
    let opened = [];
    addEventListener('beforeprint', () => {
      opened = [...document.querySelectorAll('details:not([open])')];
      for (const part of opened) part.open = true;
    });
    addEventListener('afterprint', () => { for (const part of opened) part.open = false; });
  }

  themeButton();
  document.querySelectorAll('table.sortable').forEach(makeSortable);
  document.querySelectorAll('.chapter').forEach(armSwitches);
  unfoldForPrint();
})();
