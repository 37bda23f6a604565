// A stored result read by somebody else's library: every histogram decodes to the percentiles that
// stand beside it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import hdr from 'hdr-histogram-js';

const bench = path.join(process.env.BENCH_BUILD, 'bench');
const NAMES = ['p50', 'p75', 'p90', 'p97_5', 'p99', 'p99_9'];
const percentOf = (name) => Number(name.slice(1).replace('_', '.'));

function run(...args) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-peer-'));
  try {
    const file = path.join(folder, 'result.json');
    const done = spawnSync(bench, ['run', ...args, '-o', file], { encoding: 'utf8', timeout: 60e3 });
    assert.equal(done.status, 0, done.stderr);
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

test('the stored latency histogram gives the stored percentiles', () => {
  const result = run('--strategy', 'pool', '--work', 'count:20k', '-c', '20', '-a', '3000');
  const { count, data } = result.histograms.latency;
  const decoded = hdr.decodeFromCompressedBase64(data, 64);
  assert.equal(decoded.totalCount, count);
  assert.equal(count, result.accounting.completed);
  for (const name of NAMES)
    assert.equal(decoded.getValueAtPercentile(percentOf(name)) / 1e6, result.latency[name], name);
  assert.equal(decoded.maxValue / 1e6, result.latency.max);
});

test('every other histogram decodes to its count', () => {
  const result = run('--strategy', 'pool', '--work', 'count:20k', '-c', '5', '-d', '1');
  let seen = 0;
  for (const [name, h] of Object.entries(result.histograms)) {
    if (h === null) continue;
    assert.equal(hdr.decodeFromCompressedBase64(h.data, 64).totalCount, h.count, name);
    seen++;
  }
  assert.ok(seen >= 6);
});
