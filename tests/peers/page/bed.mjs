// Pages that bench makes of the reference results, and a browser that opens them. Everything is in
// one temporary folder, which the end removes.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import puppeteer from 'puppeteer-core';

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../../..');
const bench = path.join(process.env.BENCH_BUILD, 'bench');
const reference = (name) => path.join(root, 'results/reference', `${name}.json`);

export const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-page-'));

export const HOSTILE = [
  '<script>window.ran = 1</script>',
  '"><img src=x onerror="window.ran = 1">',
  '</style><svg onload="window.ran = 1">',
  '</title></script><script>window.ran = 1</script>',
  '`touch ran` $(touch ran)',
  'a\u202eb\u2066c',
  '\u05d0\u05d1\u05d2 (right to left)',
  'x'.repeat(10000),
];

function titled(name, title) {
  const file = path.join(folder, `${name}.json`);
  fs.writeFileSync(file, JSON.stringify({ ...JSON.parse(fs.readFileSync(reference('pool'))), title }));
  return file;
}

function comparisonNamed(names) {
  const comparison = JSON.parse(fs.readFileSync(reference('comparison')));
  const renamed = Object.fromEntries(comparison.arms.map((arm, i) => [arm.name, names[i]]));
  const arms = comparison.arms.map((arm) => ({ ...arm, name: renamed[arm.name] }));
  const order = comparison.order.map((name) => renamed[name]);
  const file = path.join(folder, 'named.json');
  fs.writeFileSync(file, JSON.stringify({ ...comparison, arms, order, title: names[0], findings: [] }));
  return file;
}

// A map of two by two cells, measured here; its names are then those that are given.
function sweepNamed(names) {
  const file = path.join(folder, 'sweep.json');
  if (!fs.existsSync(file)) {
    execFileSync(bench, ['sweep', '--no-repeat', '--over', 'work=10k,100k', '--over', 'connections=1,4', '--strategies',
      'inline,pool', '--rounds', '2', '-d', '100ms', '-o', file], { cwd: folder, stdio: 'pipe', timeout: 200e3 });
  }
  if (!names) return file;
  const sweep = JSON.parse(fs.readFileSync(file));
  const renamed = new Map(sweep.comparison.arms.map((arm, i) => [arm.name, arm.name.replace(/^[a-z]+/, () => names[i % 2])]));
  for (const arm of sweep.comparison.arms) arm.name = renamed.get(arm.name);
  sweep.comparison.order = sweep.comparison.order.map((name) => renamed.get(name));
  const evil = path.join(folder, 'evil-sweep.json');
  fs.writeFileSync(evil, JSON.stringify({ ...sweep, arms: names }));
  return evil;
}

// A known search for the capacity, which was never run; its arms have the names that are given.
function searchNamed(names) {
  const search = JSON.parse(execFileSync(path.join(process.env.BENCH_BUILD, 'tests/capacity'), ['found', 'document']));
  const renamed = new Map(search.arms.map((arm, i) => [arm.name, names?.[i] ?? arm.name]));
  for (const arm of search.arms) arm.name = renamed.get(arm.name);
  for (const trial of search.trials) trial.arm = renamed.get(trial.arm);
  const file = path.join(folder, names ? 'evil-search.json' : 'search.json');
  fs.writeFileSync(file, JSON.stringify(search));
  return file;
}

export const sources = {
  comparison: () => [reference('comparison')],
  article: () => [reference('article-originals')],
  session: () => [reference('session')],
  run: () => [reference('pool')],
  sweep: () => [sweepNamed()],
  capacity: () => [searchNamed()],
  mixed: () => [reference('session'), reference('comparison'), reference('pool'), titled('other', 'other')],
  hostile: () => [comparisonNamed(HOSTILE.slice(0, 5)), sweepNamed([HOSTILE[1], HOSTILE[6]]), searchNamed([HOSTILE[0], HOSTILE[7]]), ...HOSTILE.map((title, i) => titled(`evil${i}`, title))],
};

export const pages = {};

export function makePages() {
  for (const [name, files] of Object.entries(sources)) {
    pages[name] = path.join(folder, `${name}.html`);
    execFileSync(bench, ['report', ...files(), '-o', pages[name]], { cwd: folder, stdio: 'pipe', timeout: 300e3 });
  }
}

// The folder with the data files of a page's pictures.
export function columnsOf(name) {
  const columns = path.join(folder, `${name}-columns`);
  if (!fs.existsSync(columns)) execFileSync(bench, ['report', ...sources[name](), '--data', columns], { stdio: 'pipe' });
  return columns;
}

// The rows of a data file as numbers, a block an arm.
export function blocksOf(columns, file) {
  return fs.readFileSync(path.join(columns, file), 'utf8').split('\n\n\n').map((block) =>
    block.split('\n').filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split('\t').map(Number)));
}

// "296 ms" is that many ms, as far as three digits tell.
export function near(text, ms) {
  const parts = /^\u2265?([\d.]+) (us|ms|s)\*?$/.exec(text);
  assert.ok(parts, `'${text}' is no time`);
  const [, number, unit] = parts;
  const value = Number(number) * { us: 1e-3, ms: 1, s: 1e3 }[unit];
  assert.ok(Math.abs(value / ms - 1) < 0.006, `${text} is not ${ms} ms`);
}

export function launch() {
  return puppeteer.launch({
    executablePath: process.env.CHROMIUM,
    args: process.getuid() === 0 ? ['--no-sandbox'] : [],
    userDataDir: path.join(folder, 'browser'),
    protocolTimeout: 120e3,
    timeout: 120e3,
  });
}

// Opens a page in a tab, and keeps what went wrong in it.
export async function open(browser, name, { script = true, width = 1280, scheme = 'light' } = {}) {
  const tab = await browser.newPage();
  const faults = [];
  tab.setDefaultTimeout(120e3);
  tab.on('console', (message) => faults.push(`console: ${message.text()}`));
  tab.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  tab.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith('data:') && url !== `file://${pages[name]}`) faults.push(`request: ${url}`);
  });
  await tab.setJavaScriptEnabled(script);
  await tab.setViewport({ width, height: 900 });
  await tab.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await tab.goto(`file://${pages[name]}`, { waitUntil: 'load' });
  return { tab, faults };
}

export function removeFolder() {
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
}
