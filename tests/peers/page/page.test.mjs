// A page as a reader has it: in a browser, in both themes, on a phone, on paper, without a script.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { HOSTILE, blocksOf, columnsOf, folder, launch, makePages, near, open, removeFolder, sources } from './bed.mjs';
import { lowContrasts } from './contrast.mjs';
import { contrast, nearest } from './palette.mjs';

const NAMES = ['comparison', 'article', 'session', 'run', 'sweep', 'capacity', 'mixed', 'hostile'];
let browser;

before(async () => {
  makePages();
  browser = await launch();
}, { timeout: 500e3 });

after(async () => {
  await browser?.close();
  removeFolder();
});

for (const name of NAMES) {
  test(`${name}: nothing is wrong, nothing leaves it, nothing that it holds runs`, async () => {
    const { tab, faults } = await open(browser, name);
    assert.deepEqual(faults, []);
    assert.equal(await tab.evaluate('window.ran'), undefined);
    assert.equal(await tab.evaluate(() => document.querySelectorAll('[style], [onclick], [onload]').length), 0);
    await tab.close();
  });

  test(`${name}: headings in order, one main part, ids of their own, each picture explained`, async () => {
    const { tab } = await open(browser, name);
    const found = await tab.evaluate(() => ({
      levels: [...document.querySelectorAll('h1, h2, h3, h4, h5')].map((h) => Number(h.tagName[1])),
      mains: document.querySelectorAll('main').length,
      ids: [...document.querySelectorAll('[id]')].map((node) => node.id),
      links: [...document.querySelectorAll('a[href^="#"], use')].map((a) => a.getAttribute('href').slice(1)),
      pictures: [...document.querySelectorAll('svg')].map((svg) =>
        svg.getAttribute('aria-labelledby').split(' ').map((id) => document.getElementById(id)?.textContent.trim() ?? '')),
    }));
    assert.equal(found.levels[0], 1);
    assert.equal(found.levels.filter((level) => level === 1).length, 1);
    found.levels.reduce((before, level) => (assert.ok(level <= before + 1, `${before}, then ${level}`), level));
    assert.equal(found.mains, 1);
    assert.equal(new Set(found.ids).size, found.ids.length);
    for (const link of found.links) assert.ok(found.ids.includes(link), link);
    assert.ok(found.pictures.length > 0);
    for (const texts of found.pictures) assert.ok(texts.length >= 2 && texts.every((text) => text.length > 3));
    await tab.close();
  });

  for (const scheme of ['light', 'dark']) {
    test(`${name}: every text can be read, ${scheme}`, async () => {
      const { tab } = await open(browser, name, { scheme });
      await tab.evaluate(() => { for (const part of document.querySelectorAll('details')) part.open = true; });
      assert.deepEqual(await tab.evaluate(lowContrasts, 4.5), []);
      await tab.close();
    });
  }

  test(`${name}: a phone does not scroll sideways`, async () => {
    const { tab } = await open(browser, name, { width: 360 });
    await tab.evaluate(() => { for (const part of document.querySelectorAll('details')) part.open = true; });
    assert.equal(await tab.evaluate(() => document.documentElement.scrollWidth), 360);
    await tab.close();
  });

  test(`${name}: without a script every text is there`, async () => {
    const [plain, full] = [await open(browser, name, { script: false }), await open(browser, name)];
    assert.deepEqual(plain.faults, []);
    const [there, wanted] = [await texts(plain.tab), await texts(full.tab)];
    assert.ok(wanted.length > 50);
    assert.deepEqual(wanted.filter((text) => !there.includes(text)), []);
    await plain.tab.close();
    await full.tab.close();
  });
}

// What is in the main part, but the switches that the script adds.
async function texts(tab) {
  const html = await tab.content();
  return tab.evaluate((page) => {
    const main = new DOMParser().parseFromString(page, 'text/html').querySelector('main');
    for (const added of main.querySelectorAll('fieldset')) added.remove();
    const walker = main.ownerDocument.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    const all = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) all.push(node.data.trim());
    return all.filter((text) => text !== '');
  }, html);
}

const column = (tab, index) => tab.evaluate((i) =>
  [...document.querySelectorAll('table.sortable tbody tr')].map((row) => Number(row.cells[i].dataset.v)), index);

test('a column sorts, by a click and by the keyboard', async () => {
  const { tab, faults } = await open(browser, 'comparison');
  const head = 'table.sortable thead th:nth-child(4)';
  await tab.click(`${head} button`);
  const up = await column(tab, 3);
  assert.ok(up.length === 5 && up.every((value, i) => i === 0 || up[i - 1] <= value));
  assert.equal(await tab.$eval(head, (th) => th.getAttribute('aria-sort')), 'ascending');
  await tab.focus(`${head} button`);
  await tab.keyboard.press('Enter');
  assert.deepEqual(await column(tab, 3), up.toReversed?.() ?? [...up].reverse());
  assert.equal(await tab.$eval(head, (th) => th.getAttribute('aria-sort')), 'descending');
  await tab.click('table.sortable thead th:first-child button');
  assert.equal(await tab.$$eval('th[aria-sort]', (all) => all.length), 1);
  assert.deepEqual(faults, []);
  await tab.close();
});

test('an arm is switched off and on, by its box and by the legend of a picture', async () => {
  const { tab, faults } = await open(browser, 'comparison');
  const curves = () => tab.$$eval('[data-key="latency"] svg .s-a1', (all) => all.filter((node) => node.checkVisibility()).length);
  const shown = await curves();
  assert.ok(shown > 0);
  const box = (await tab.$$('.arms input'))[1];
  await box.click();
  assert.equal(await curves(), 0);
  await box.focus();
  await tab.keyboard.press('Space');
  assert.equal(await curves(), shown);
  await tab.$eval('[data-key="latency"] svg', (svg) =>
    [...svg.querySelectorAll('text.key')].find((text) => text.textContent.trim().startsWith('threads'))
      .dispatchEvent(new MouseEvent('click', { bubbles: true })));
  assert.equal(await curves(), 0);
  assert.equal(await box.evaluate((input) => input.checked), false);
  assert.deepEqual(faults, []);
  await tab.close();
});

// --- the values of curves ---

const said = (tab) => tab.$eval('.tip', (tip) => (tip.hidden ? [] : tip.innerText.split('\n')));
const heard = (tab, key) => tab.$eval(`[data-key="${key}"] .heard`, (node) => node.textContent);

// Where gnuplot has written a tick of the axis below, in the middle of panel `nth`, as the picture has it.
async function pointAt(tab, key, tick, nth = 0) {
  const place = await tab.$eval(`[data-key="${key}"] svg`, (svg, words, n) => {
    svg.scrollIntoView({ block: 'center', behavior: 'instant' });
    const ticks = [...svg.querySelectorAll('text')].filter((text) => text.textContent.trim() === words);
    const box = ticks[0].getBoundingClientRect();
    const axes = JSON.parse(svg.closest('.picture').querySelector('.points').textContent).axes;
    const whole = svg.getBoundingClientRect();
    return { x: box.left + box.width / 2, y: whole.top + (whole.height * (axes[n][3] + axes[n][4])) / 2 };
  }, tick, nth);
  await tab.mouse.move(place.x, place.y);
}

test('the pointer in a picture of curves shows the values of all arms there', async () => {
  const { tab, faults } = await open(browser, 'comparison');
  assert.deepEqual(await said(tab), []);
  await pointAt(tab, 'latency', '99 %');
  const lines = await said(tab);
  assert.equal(lines[0], 'p99');
  assert.deepEqual(lines.slice(1).map((line) => line.split(':')[0]), ['inline', 'threads', 'pool', 'offload', 'queue']);
  for (const [i, block] of blocksOf(columnsOf('comparison'), 'latency.dat').entries()) {
    const [, , ms] = block.find(([q]) => Math.abs(q - 0.99) < 1e-9);
    near(lines[i + 1].split(': ')[1].split(', with unfinished ')[0], ms);
  }
  await (await tab.$$('.arms input'))[2].click();
  await pointAt(tab, 'latency', '99 %');
  assert.ok((await said(tab)).length === lines.length - 1 && !(await said(tab)).some((line) => line.startsWith('pool')));
  await tab.mouse.move(5, 5);
  assert.deepEqual(await said(tab), []);
  assert.equal(await tab.$$eval('.cursor', (all) => all.length), 0);
  assert.deepEqual(faults, []);
  await tab.close();
});

test('each panel over time has its own values, in its own unit', async () => {
  const { tab, faults } = await open(browser, 'comparison');
  const rows = blocksOf(columnsOf('comparison'), 'server.dat')[2]; // pool
  await pointAt(tab, 'server', '4', 1); // below the latency
  const cpu = await said(tab);
  assert.match(cpu[0], /^CPU at (3\.5|4\.5)/);
  const at = Number(/at ([\d.]+) s/.exec(cpu[0])[1]);
  const row = rows.find(([from, to]) => from < at && at < to);
  assert.equal(cpu.find((line) => line.startsWith('pool')), `pool: ${Number(row[2].toPrecision(4))} cores`);
  await pointAt(tab, 'server', '4', 2);
  const memory = await said(tab);
  assert.match(memory[0], /^memory at (3\.9|4)/);
  assert.match(memory.find((line) => line.startsWith('pool')), /^pool: [\d.]+ MB$/);
  assert.deepEqual(faults, []);
  await tab.close();
});

test('the arrow keys read the values, panel by panel', async () => {
  const { tab, faults } = await open(browser, 'comparison');
  await tab.focus('[data-key="latency"] .scroll');
  assert.equal(await heard(tab, 'latency'), '');
  await tab.keyboard.press('ArrowRight');
  assert.match(await heard(tab, 'latency'), /^p0; inline: .*; queue: /);
  assert.equal((await said(tab)).join('; '), await heard(tab, 'latency'));
  await tab.keyboard.press('ArrowRight');
  assert.match(await heard(tab, 'latency'), /^p4\.8; /);
  await tab.keyboard.press('End');
  assert.match(await heard(tab, 'latency'), /^p99\.9999\d*; queue: /);
  await tab.keyboard.press('Escape');
  assert.equal(await heard(tab, 'latency'), '');
  assert.deepEqual(await said(tab), []);
  await tab.focus('[data-key="server"] .scroll');
  await tab.keyboard.press('ArrowRight');
  assert.match(await heard(tab, 'server'), /^p99 at 0\.5/);
  await tab.keyboard.press('ArrowDown');
  assert.match(await heard(tab, 'server'), /^CPU at 0\.5/);
  await tab.keyboard.press('ArrowDown');
  assert.match(await heard(tab, 'server'), /^memory at (0\.9|1)/);
  await tab.keyboard.press('ArrowUp');
  assert.match(await heard(tab, 'server'), /^CPU at [01]\.5/);
  assert.deepEqual(faults, []);
  await tab.close();
});

test('a session: the shift with its interval', async () => {
  const { tab, faults } = await open(browser, 'session');
  await pointAt(tab, 'shift', '90 %');
  assert.match((await said(tab)).join('\n'), /^p90\nNEW \/ OLD: [\d.]+, at least [\d.]+, at most [\d.]+$/);
  assert.deepEqual(faults, []);
  await tab.close();
});

test('the pointer on a bar shows the figures of its arm', async () => {
  const { tab, faults } = await open(browser, 'comparison');
  const say = () => tab.$eval('.tip', (tip) => (tip.hidden ? '' : tip.innerText));
  const bar = '[data-key="compare"] svg .f-a2';
  await tab.$eval(bar, (path) => path.dispatchEvent(new PointerEvent('pointermove', { bubbles: true, clientX: 9, clientY: 9 })));
  assert.match(await say(), /^pool\n/);
  const { arms } = JSON.parse(fs.readFileSync(sources.comparison()[0], 'utf8'));
  const p50 = arms[2].results.map((r) => r.latency.p50).sort((a, b) => a - b)[1]; // of three rounds
  near(/p50 (.*)/.exec(await say())[1], p50);
  await tab.$eval('h1', (head) => head.dispatchEvent(new PointerEvent('pointermove', { bubbles: true })));
  assert.equal(await say(), '');
  assert.deepEqual(faults, []);
  await tab.close();
});

test('dark and light, as the system has it and by the button', async () => {
  const { tab } = await open(browser, 'comparison');
  const ground = () => tab.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const system = (value) => tab.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
  const light = await ground();
  await system('dark');
  const dark = await ground();
  assert.notEqual(dark, light);
  await tab.click('#theme');
  assert.equal(await ground(), light);
  await system('light');
  assert.equal(await ground(), light);
  await tab.click('#theme');
  assert.equal(await ground(), dark);
  await tab.close();
});

test('it prints, with what is folded', async () => {
  const { tab } = await open(browser, 'comparison', { scheme: 'dark' });
  await tab.emulateMediaType('print');
  assert.equal(await tab.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(255, 255, 255)');
  assert.equal(await tab.evaluate(() => getComputedStyle(document.querySelector('.top')).display), 'none');
  const file = path.join(folder, 'comparison.pdf');
  await tab.pdf({ path: file, format: 'A4', timeout: 120e3 });
  const pdf = fs.readFileSync(file);
  assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
  assert.ok(pdf.length > 20e3);
  await tab.evaluate(() => dispatchEvent(new Event('beforeprint')));
  assert.equal(await tab.$$eval('details:not([open])', (all) => all.length), 0);
  await tab.evaluate(() => dispatchEvent(new Event('afterprint')));
  assert.ok(await tab.$$eval('details:not([open])', (all) => all.length) > 0);
  await tab.close();
});

for (const scheme of ['light', 'dark']) {
  test(`the ten colours of arms stand out and stay apart, ${scheme}`, async () => {
    const { tab } = await open(browser, 'comparison', { scheme });
    const colour = (name) => tab.evaluate((property) => getComputedStyle(document.documentElement).getPropertyValue(property).trim(), name);
    const paper = await colour('--paper');
    const arms = await Promise.all([...'0123456789'].map((digit) => colour(`--a${digit}`)));
    for (const arm of arms) assert.ok(contrast(arm, paper) >= 3, `${arm} on ${paper}: ${contrast(arm, paper)}`);
    const pair = nearest(arms);
    assert.ok(pair.distance >= 10, JSON.stringify(pair));
    await tab.close();
  });
}

test('the top says what to take and why, and what the servers are', async () => {
  const { tab } = await open(browser, 'article');
  const top = await tab.$eval('.cover', (cover) => cover.innerText);
  assert.match(top, /Recommended for synchronous requests/);
  assert.match(top, /How many cores\? With \w+, a request costs [\d.]+ ms of CPU/);
  const arms = await tab.$$eval('.compared tbody tr', (rows) => rows.map((row) => [...row.cells].map((cell) => cell.innerText.trim())));
  assert.equal(arms.length, await tab.$$eval('table.sortable tbody tr', (rows) => rows.length));
  for (const [arm, does, outcome] of arms) assert.ok(does.length > 10 && outcome.length > 5, arm);
  assert.ok(arms.some(([, , outcome]) => outcome === 'recommended where the client waits for the result'));
  assert.match(await tab.$eval('#c1-claims', (claims) => claims.innerText), /High-Performance Node\.js/);
  assert.match(await tab.$eval('#again', (again) => again.innerText), /compare --article[^]*--seed \d+/);
  await tab.close();
});

test('the figures fit on a page of 1200 pixels', async () => {
  const { tab } = await open(browser, 'article', { width: 1200 });
  const [whole, seen] = await tab.$eval('#c1-figures .scroll', (part) => [part.scrollWidth, part.clientWidth]);
  assert.equal(whole, seen);
  await tab.close();
});

test('a picture has one title, and on a phone its own size', async () => {
  const { tab } = await open(browser, 'article', { width: 360 });
  const pictures = await tab.$$eval('.picture svg', (all) => all.map((svg) => ({
    scale: svg.getBoundingClientRect().width / svg.viewBox.baseVal.width,
    heading: svg.closest('figure').querySelector('h3, h4').getBoundingClientRect().width,
  })));
  assert.ok(pictures.length > 3);
  for (const { scale, heading } of pictures) {
    assert.ok(scale > 0.99, `scale ${scale}`);
    assert.ok(heading <= 1, `heading ${heading}`);
  }
  await tab.close();
});

test('a sweep: a box for each arm, a row for each point, and no tip with the figures of one point', async () => {
  const { tab, faults } = await open(browser, 'sweep');
  assert.deepEqual(await tab.$$eval('.arms label', (all) => all.map((label) => label.textContent.trim())), ['inline', 'pool']);
  assert.equal((await tab.$$('section[id$="-case"] tbody tr')).length, 4);
  assert.equal((await tab.$$('table.sortable tbody tr')).length, 8);
  const key = await tab.$eval('[data-key="map"] svg', (svg) => {
    svg.scrollIntoView({ block: 'center', behavior: 'instant' });
    const box = svg.querySelector('.c-a0, .f-a0, .s-a0').getBoundingClientRect();
    return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
  });
  await tab.mouse.move(key.x, key.y);
  assert.equal(await tab.$eval('.tip', (tip) => tip.hidden).catch(() => true), true);
  assert.deepEqual(faults, []);
  await tab.close();
});

test('hostile names are shown as they are', async () => {
  const { tab } = await open(browser, 'hostile', { script: false });
  const all = await texts(tab);
  for (const name of HOSTILE.filter((text) => !/[\u202e\u2066]/.test(text)))
    assert.ok(all.some((text) => text.includes(name)), name.slice(0, 60));
  assert.ok(all.every((text) => !/[\u202a-\u202e\u2066-\u2069]/.test(text)));
  assert.equal(fs.existsSync(path.join(folder, 'ran')), false);
  await tab.close();
});
