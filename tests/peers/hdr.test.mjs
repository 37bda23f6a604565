// Our histogram and hdr-histogram-js: each decodes what the other encoded, and both give the same
// numbers, to the nanosecond.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import test from 'node:test';
import hdr from 'hdr-histogram-js';

const HOUR_NS = 3600e9;
const PERCENTS = [0, 0.1, 1, 10, 25, 50, 75, 90, 95, 97.5, 99, 99.9, 99.99, 99.999, 100];
const tool = path.join(process.env.BENCH_BUILD, 'tests', 'hist_tool');

function runTool(args, input) {
  const done = spawnSync(tool, args, { input, encoding: 'utf8', maxBuffer: 1 << 26, timeout: 60e3 });
  return { status: done.status, stdout: done.stdout, stderr: done.stderr };
}

function ok(done) {
  assert.equal(done.status, 0, done.stderr);
  return done.stdout.trim();
}

const oursEncode = (rows) => ok(runTool(['encode'], rows.map((row) => `${row.join(' ')}\n`).join('')));
const oursDecode = (text) => JSON.parse(ok(runTool(['decode', ...PERCENTS.map(String)], text)));

function theirsEncode(rows) {
  const h = hdr.build({
    bitBucketSize: 64,
    autoResize: false,
    lowestDiscernibleValue: 1,
    highestTrackableValue: HOUR_NS,
    numberOfSignificantValueDigits: 3,
  });
  for (const [ns, count = 1] of rows) h.recordValueWithCount(ns, count);
  return hdr.encodeIntoCompressedBase64(h);
}

const theirsDecode = (text) => hdr.decodeFromCompressedBase64(text, 64);

// One seed, one sequence (mulberry32).
function random(seed) {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function uniform(count) {
  const unit = random(1);
  return Array.from({ length: count }, () => [Math.floor(unit() * 50e6)]);
}

// Median 2 ms, and far enough up that some reach the hour, where they are cut.
function lognormal(count) {
  const unit = random(2);
  const normal = () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit());
  const rows = Array.from({ length: count }, () => [
    Math.min(HOUR_NS, Math.round(2e6 * Math.exp(3 * normal()))),
  ]);
  return [...rows, [HOUR_NS]];
}

const edges = () =>
  Array.from({ length: 41 }, (_, bit) => [2 ** bit - 1, 2 ** bit, 2 ** bit + 1])
    .flat()
    .map((ns) => [ns]);

const cases = {
  'one value': [[1234567]],
  'one zero': [[0]],
  'one of an hour': [[HOUR_NS]],
  'two values': [[1], [HOUR_NS]],
  'uniform, 100': uniform(100),
  'uniform, 20,000': uniform(20000),
  'lognormal, 20,000, up to an hour': lognormal(20000),
  'a million in one bucket': [[777777, 1e6]],
  'a million in one bucket, one above': [[777777, 1e6], [9e9, 1]],
  'counts past 32 bits': [[10, 2 ** 33], [2e6, 2 ** 40], [5e9, 3]],
  'both sides of every doubling': edges(),
  'every bucket below 10,000 ns': Array.from({ length: 10000 }, (_, ns) => [ns]),
};

function near(got, want, what) {
  assert.ok(Math.abs(got - want) <= Math.abs(want) * 1e-9, `${what}: ${got}, not ${want}`);
}

function assertSame(ours, theirs, rows) {
  assert.equal(ours.count, theirs.totalCount);
  assert.equal(ours.count, rows.reduce((sum, [, count = 1]) => sum + count, 0));
  for (const percent of PERCENTS)
    assert.equal(ours.percentiles[percent], theirs.getValueAtPercentile(percent), `p${percent}`);
  assert.equal(ours.min_ns, theirs.getValueAtPercentile(0));
  assert.equal(ours.max_ns, theirs.getValueAtPercentile(100));
  near(ours.mean_ns, theirs.mean, 'mean');
  near(ours.stddev_ns, theirs.stdDeviation, 'standard deviation');
}

for (const [name, rows] of Object.entries(cases)) {
  test(`they read ours: ${name}`, () => {
    const text = oursEncode(rows);
    assertSame(oursDecode(text), theirsDecode(text), rows);
  });
  test(`we read theirs: ${name}`, () => {
    const text = theirsEncode(rows);
    assertSame(oursDecode(text), theirsDecode(text), rows);
  });
  test(`both record alike: ${name}`, () => {
    assert.deepEqual(oursDecode(oursEncode(rows)), oursDecode(theirsEncode(rows)));
  });
}

test('an empty histogram, both ways', () => {
  const empty = theirsDecode(oursEncode([]));
  assert.equal(empty.totalCount, 0);
  assert.equal(empty.highestTrackableValue, HOUR_NS);
  assert.equal(empty.numberOfSignificantValueDigits, 3);
  const ours = oursDecode(theirsEncode([]));
  assert.equal(ours.count, 0);
  assert.equal(ours.mean_ns, null);
  assert.equal(ours.percentiles[50], -1);
});

test('their packed and their WebAssembly histograms', async () => {
  await hdr.initWebAssembly();
  const rows = lognormal(2000);
  for (const options of [{ bitBucketSize: 'packed' }, { bitBucketSize: 64, useWebAssembly: true }]) {
    const h = hdr.build({ ...options, highestTrackableValue: HOUR_NS, numberOfSignificantValueDigits: 3 });
    for (const [ns] of rows) h.recordValue(ns);
    const ours = oursDecode(hdr.encodeIntoCompressedBase64(h));
    assert.equal(ours.count, rows.length);
    for (const percent of PERCENTS.filter((p) => p > 0))
      assert.equal(ours.percentiles[percent], h.getValueAtPercentile(percent), `p${percent}`);
    h.destroy?.();
  }
});

test('what is above an hour is not in the text', () => {
  const h = theirsDecode(oursEncode([[1000, 5], [HOUR_NS + 1, 2]]));
  assert.equal(h.totalCount, 5);
});

test('their V1 text is refused with a reason', () => {
  const v1 = 'HISTIgAAAFd42pNpmazIwMAYxgABTBDKT4GBgdnNYMcCBvsPUBkeBkYGZqA8MwMbAzsDC5DFBCTZgJCDQY1BjkGL' +
    'QZRBlUEPCB8zWDCYMxgDZZkZhgJgHDibAY8JB/A=';
  const done = runTool(['decode', '50'], v1);
  assert.equal(done.status, 1);
  assert.match(done.stderr, /outer cookie/);
});
