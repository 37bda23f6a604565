// 100,000 waiting jobs: all there, and in the memory that the library itself takes for them.
import assert from 'node:assert/strict';
import test from 'node:test';
import { bed } from './bed.mjs';
import { redis } from './server.mjs';

const JOBS = 100000;
const BATCH = 500;
const OPTS = { attempts: 3, backoff: { type: 'exponential', delay: 1000 } };

async function memory() {
  return Number(/used_memory:(\d+)/.exec(await redis.info('memory'))[1]);
}

// What the jobs take, without the events, of which a stream keeps the newest only.
async function taken(ours, add) {
  const before = await memory();
  for (let n = 0; n < JOBS; n += BATCH)
    await add(Array.from({ length: BATCH }, (_, i) => ({ n: n + i })));
  await redis.del(ours.key('events'));
  return (await memory()) - before;
}

test('memory and counts of 100,000 waiting jobs', async () => {
  const mine = bed();
  const theirs = bed();
  const q = theirs.queue();
  await q.waitUntilReady();
  await mine.queue().waitUntilReady();
  const ours = await taken(mine.ours, (data) => mine.ours.add(data, { opts: OPTS }));
  const reference = await taken(theirs.ours, (data) =>
    q.addBulk(data.map((d) => ({ name: 'heavy', data: d, opts: OPTS }))),
  );
  assert.ok(
    Math.abs(ours / reference - 1) < 0.1,
    `${ours / JOBS} bytes a job, ${reference / JOBS} there`,
  );
  const counts = { waiting: JOBS, delayed: 0, active: 0, completed: 0, failed: 0 };
  for (const { ours: queue } of [mine, theirs]) assert.deepEqual(await queue.counts(), counts);
  assert.equal((await mine.queue().getJobCounts('waiting')).waiting, JOBS);
  const { jobs } = await mine.ours.take(1000);
  assert.deepEqual(
    jobs.map((job) => JSON.parse(job.data).n),
    Array.from({ length: 1000 }, (_, n) => n),
  );
  console.log(
    `${(ours / JOBS).toFixed(1)} bytes a waiting job, ${(reference / JOBS).toFixed(1)} of the library`,
  );
});
