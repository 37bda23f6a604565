// The order in which bench-worker runs what Queue.add put into the queue, and when it runs nothing.
import assert from 'node:assert/strict';
import test from 'node:test';
import { bed, endsOf, stateIs } from '../bed.mjs';
import { startWorker } from '../programs.mjs';
import { redis, until } from '../server.mjs';

// ---- in which order ----

test('first come, first run; lifo before them, priorities after them', async () => {
  const b = bed();
  const q = b.queue();
  await q.pause();
  for (const [jobId, opts] of [
    ['low', { priority: 9 }],
    ['high', { priority: 2 }],
    ['a', {}],
    ['high2', { priority: 2 }],
    ['b', {}],
    ['last', { lifo: true }],
    ['lowest', { priority: 2097151 }],
  ])
    await q.add('heavy', { n: 1 }, { jobId, ...opts });
  await startWorker(b, '--concurrency', '1');
  await q.resume();
  await until('all ended', async () => (await endsOf(b)).length === 7);
  assert.deepEqual(await endsOf(b), ['last', 'a', 'b', 'high', 'high2', 'low', 'lowest']);
});

test('a delayed job is run when it is due, though nothing else happens', async () => {
  const b = bed();
  const q = b.queue();
  await startWorker(b);
  const added = [];
  for (const delay of [900, 300])
    for (const priority of [undefined, 3])
      added.push(await q.add('heavy', {}, { delay, priority }));
  for (const { id, opts } of added) {
    const { timestamp, processedOn } = await stateIs(q, id, 'completed');
    const late = processedOn - timestamp - opts.delay;
    assert.ok(late >= 0 && late < 3000, `${late} ms late`);
  }
});

test('a delayed job that is promoted is run at once', async () => {
  const b = bed();
  const q = b.queue();
  await startWorker(b);
  await b.asleep();
  const job = await q.add('heavy', {}, { delay: 3600e3 });
  await job.promote();
  await stateIs(q, job.id, 'completed');
});

// ---- when not to run ----

test('nothing is taken while the queue is paused; resuming it wakes who sleeps', async () => {
  const b = bed();
  const q = b.queue();
  await startWorker(b);
  await b.asleep();
  await q.pause();
  const job = await q.add('heavy', {});
  // It is made to look all the same, and sleeps again.
  await redis.zadd(b.ours.key('marker'), 0, '0');
  await until('it looked', async () => (await redis.exists(b.ours.key('marker'))) === 0);
  await b.asleep();
  assert.equal(await job.getState(), 'waiting');
  const resumed = Date.now();
  await q.resume();
  const { finishedOn } = await stateIs(q, job.id, 'completed');
  assert.ok(finishedOn - resumed < 3000, `${finishedOn - resumed} ms`);
});

test('a pause lets what runs end, and holds back what waits', async () => {
  const b = bed();
  const q = b.queue();
  await startWorker(b, '--concurrency', '1');
  const first = await q.add('heavy', { sleep_ms: 300 });
  await stateIs(q, first.id, 'active');
  await q.pause();
  const second = await q.add('heavy', {});
  await stateIs(q, first.id, 'completed');
  await b.asleep();
  assert.equal(await second.getState(), 'waiting');
  await q.resume();
  await stateIs(q, second.id, 'completed');
});

// What Redis says until so many jobs are completed: its clock in ms, how many jobs are active, and
// how many have begun. The times that jobs carry are those of the workers' clocks, taken before
// their calls arrive.
async function watch(b, count) {
  const seen = [];
  await until('all ended', async () => {
    const replies = await redis
      .multi()
      .time()
      .llen(b.ours.key('active'))
      .zcard(b.ours.key('completed'))
      .exec();
    const [[seconds, us], active, completed] = replies.map(([, reply]) => reply);
    seen.push({ ms: seconds * 1000 + us / 1000, active, begun: active + completed });
    return completed === count;
  });
  return seen;
}

test('not more jobs are run at once than the queue allows, by all workers together', async () => {
  const b = bed();
  const q = b.queue();
  await q.setGlobalConcurrency(3);
  for (let i = 0; i < 2; i++) await startWorker(b, '--concurrency', '4');
  const add = (count, sleep_ms) =>
    q.addBulk(Array.from({ length: count }, () => ({ name: 'heavy', data: { sleep_ms } })));
  const watching = watch(b, 24);
  await add(24, 40);
  const seen = await watching;
  assert.ok(seen.every(({ active }) => active <= 3), JSON.stringify(seen));
  await add(4, 2000);
  await until('as many as allowed', async () => (await q.getActiveCount()) === 3);
  assert.ok((await watch(b, 28)).every(({ active }) => active <= 3));
});

test('not more jobs are begun in a time than the queue allows', async () => {
  const b = bed();
  const q = b.queue();
  const [max, duration] = [3, 400];
  await q.setGlobalRateLimit(max, duration);
  for (let i = 0; i < 2; i++) await startWorker(b);
  const watching = watch(b, 3 * max);
  await q.addBulk(Array.from({ length: 3 * max }, () => ({ name: 'heavy', data: {} })));
  const seen = await watching;
  for (const i of [max, 2 * max]) {
    // One job of these max + 1 began at `first` or later, and all had begun at `last`.
    const first = seen.findLast(({ begun }) => begun <= i - max)?.ms ?? -Infinity;
    const last = seen.find(({ begun }) => begun > i).ms;
    assert.ok(last - first >= duration, JSON.stringify(seen));
  }
});
