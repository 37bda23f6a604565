// The document of bench run, read by autocannon's own tools, and beside one of autocannon itself.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import test, { after, before } from 'node:test';

const bin = (name) => path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), 'node_modules/.bin', name);
const program = (name) => path.join(process.env.BENCH_BUILD, name);
let folder, server, url;

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-autocannon-'));
  server = spawn(program('bench-target'), ['--with-parent', '--strategy', 'pool', '--work', 'count:1k'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await new Promise((done) => readline.createInterface(server.stdout).once('line', (text) => done([text])));
  url = `http://127.0.0.1:${JSON.parse(line).port}/ping`;
});

after(() => {
  server.kill();
  fs.rmSync(folder, { recursive: true });
});

function run(command, args, options = {}) {
  const done = spawnSync(command, args, { encoding: 'utf8', timeout: 120e3, cwd: folder, ...options });
  assert.equal(done.status, 0, done.stderr);
  return done.stdout;
}

const ours = (...args) => run(program('bench'), ['run', '-j', '--no-save', '-c', '2', ...args, url]);

// Every key of `theirs` is in `mine`, with a value of the same type.
function holds(mine, theirs, where) {
  for (const [key, value] of Object.entries(theirs)) {
    assert.ok(key in mine, `${where}${key} is missing`);
    if (value === null || mine[key] === null) continue;
    assert.equal(typeof mine[key], typeof value, `${where}${key}`);
    if (typeof value === 'object') holds(mine[key], value, `${where}${key}.`);
  }
}

test('every key of autocannon is in the document, and of the same type', () => {
  const args = ['-j', '-c', '2', '-d', '2', '-T', 'title', '--no-progress'];
  const theirs = JSON.parse(run(process.execPath, [bin('autocannon'), ...args, url]));
  assert.ok(Object.keys(theirs).length >= 22);
  holds(JSON.parse(ours('-d', '2', '-T', 'title')), theirs, '');
});

test('its warm-up has them too, but for the percentiles of its rates', () => {
  const args = ['-j', '-c', '2', '-d', '1', '--warmup', '[', '-c', '1', '-d', '1', ']', url];
  const lines = run(process.execPath, [bin('autocannon'), ...args]).trim().split('\n');
  const theirs = JSON.parse(lines.at(-1)).warmup;
  const mine = JSON.parse(ours('-d', '1', '-W', '[ -c 1 -d 1 ]')).warmup;
  for (const key of ['connections', 'duration', 'errors', 'timeouts', 'mismatches', 'non2xx', '1xx', '2xx', '3xx', '4xx', '5xx', 'statusCodeStats', 'latency'])
    holds({ [key]: mine[key] }, { [key]: theirs[key] }, 'warmup.');
  for (const key of ['average', 'mean', 'total', 'sent']) assert.equal(typeof mine.requests[key], 'number');
  assert.ok(mine['2xx'] > 0 && mine.latency.totalCount === mine['2xx']);
});

test('autocannon-compare reads two of them', () => {
  const files = ['a.json', 'b.json'].map((name) => path.join(folder, name));
  for (const file of files) fs.writeFileSync(file, ours('-d', '3'));
  const verdict = JSON.parse(run(process.execPath, [bin('autocannon-compare'), ...files]));
  for (const part of ['requests', 'throughput', 'latency']) assert.match(verdict[part].difference, /^-?[\d.]+%$/);
  assert.equal(typeof verdict.equal, 'boolean');
});

test('autocannon-reporter makes its page of one', () => {
  const text = ours('-d', '2', '-T', 'a title of ours');
  run(process.execPath, [bin('autocannon-reporter')], { input: text });
  const page = fs.readFileSync(path.join(folder, 'report.html'), 'utf8');
  assert.ok(page.includes('a title of ours'));
  assert.ok(page.includes(String(JSON.parse(text)['2xx'])));
});
