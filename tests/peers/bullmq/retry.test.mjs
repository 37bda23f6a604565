// Attempts that fail are tried again, by us and by real Workers, whoever added the job.
import assert from 'node:assert/strict';
import test from 'node:test';
import { UnrecoverableError } from 'bullmq';
import { bed } from './bed.mjs';
import { ourWorker, retryDelay } from './ours.mjs';
import { closeAtEnd, redis, until, within } from './server.mjs';

const MINUTE_MS = 60e3;

test('exponential retries of a library job in our hands: when, how often, and the end', async () => {
  const { ours, queue } = bed();
  const q = queue();
  await q.add('heavy', {}, { attempts: 3, backoff: { type: 'exponential', delay: MINUTE_MS } });
  let now = Date.now() + 1000;
  for (const wait of [MINUTE_MS, 2 * MINUTE_MS]) {
    const job = await ours.takeOne({ now });
    assert.equal(retryDelay(job), wait);
    await ours.retry(job, `failed at ${now}`, wait, { now });
    assert.equal(await q.getJobState('1'), 'delayed');
    assert.deepEqual(await ours.take(1, { now: now + wait - 1 }), {
      why: 'empty',
      ms: 1,
      jobs: [],
    });
    assert.equal(await redis.zscore(ours.key('marker'), '1'), String(now + wait));
    now += wait;
  }
  const job = await ours.takeOne({ now });
  assert.equal(retryDelay(job), null);
  await ours.fail(job, 'for good', { now });
  const failed = await q.getJob('1');
  assert.equal(await failed.getState(), 'failed');
  assert.deepEqual(
    [failed.attemptsMade, failed.attemptsStarted, failed.failedReason],
    [3, 3, 'for good'],
  );
  assert.equal(failed.stacktrace.length, 3);
  assert.equal((await ours.events()).filter(({ event }) => event === 'failed').length, 1);
});

test('our worker retries at a fixed distance until it works', async () => {
  const { ours, queue, events } = bed();
  const listening = await events();
  const starts = [];
  closeAtEnd(
    ourWorker(ours, async () => {
      starts.push(Date.now());
      if (starts.length < 3) throw new Error('not yet');
      return 'done';
    }),
  );
  const job = await queue().add(
    'heavy',
    {},
    { attempts: 5, backoff: { type: 'fixed', delay: 150 } },
  );
  assert.equal(await within(job.waitUntilFinished(listening), 'the third attempt'), 'done');
  assert.ok(starts[1] - starts[0] >= 150 && starts[2] - starts[1] >= 150, String(starts));
});

for (const [type, waits] of [
  ['fixed', [150, 150]],
  ['exponential', [150, 300]],
])
  test(`a real Worker retries our jobs: ${type}, and fails them for good`, async () => {
    const { ours, queue, worker } = bed();
    const starts = [];
    const [id] = await ours.add({}, { opts: { attempts: 3, backoff: { type, delay: 150 } } });
    worker(async () => {
      starts.push(Date.now());
      throw new Error('never');
    });
    const q = queue();
    await until('it failed', async () => (await q.getJobState(id)) === 'failed');
    assert.equal(starts.length, 3);
    waits.forEach((wait, i) => assert.ok(starts[i + 1] - starts[i] >= wait, String(starts)));
    assert.deepEqual(await ours.counts(), {
      waiting: 0,
      delayed: 0,
      active: 0,
      completed: 0,
      failed: 1,
    });
  });

test('a real Worker that sleeps runs our retry when it is due', async () => {
  const { ours, worker, asleep } = bed();
  await ours.add({}, { opts: { attempts: 2 } });
  const job = await ours.takeOne();
  const ran = [];
  worker(async ({ attemptsMade }) => ran.push([attemptsMade, Date.now()]), { drainDelay: 60 });
  await asleep();
  const now = Date.now();
  await ours.retry(job, 'not yet', 300, { now });
  await until('it ran', () => ran.length);
  assert.equal(ran[0][0], 1);
  assert.ok(ran[0][1] - now >= 300 && ran[0][1] - now < 5000, String(ran[0][1] - now));
});

test('we go on with what a real Worker left to retry', async () => {
  const { ours, queue, worker } = bed();
  const q = queue();
  const job = await q.add('heavy', {}, { attempts: 2, backoff: 100 });
  const w = worker(async () => {
    throw new Error('theirs');
  });
  await until('it is delayed', async () => (await q.getJobState(job.id)) === 'delayed');
  await w.close();
  const taken = await until('it is due', async () => (await ours.take(1)).jobs[0]);
  assert.equal(taken.atm, '1');
  await ours.fail(taken, 'ours');
  assert.equal((await q.getJob(job.id)).stacktrace.length, 2);
});

test('a retry at once: behind those that wait, with lifo before them, by priority', async () => {
  const { ours, queue } = bed();
  const q = queue();
  const order = async () => (await ours.take(9)).jobs.map((job) => job.id);
  const add = (jobId, opts = {}) => q.add('heavy', {}, { jobId, attempts: 5, ...opts });
  await add('a');
  await add('b');
  await ours.retry(await ours.takeOne(), 'again');
  assert.deepEqual(await order(), ['b', 'a']);
  await add('c', { lifo: true });
  await add('d');
  await ours.retry(await ours.takeOne(), 'again');
  assert.deepEqual(await order(), ['c', 'd']);
  await add('e', { priority: 2 });
  const taken = await ours.takeOne();
  await add('f', { priority: 2 });
  await ours.retry(taken, 'again');
  await add('g', { priority: 1 });
  assert.equal(await q.getJobState('e'), 'prioritized');
  assert.deepEqual(await order(), ['g', 'f', 'e']);
});

test('retries that are due in one millisecond keep their order', async () => {
  const { ours } = bed();
  const now = Date.now();
  await ours.add([{}, {}, {}], { opts: { attempts: 2 } });
  const { jobs } = await ours.take(3);
  for (const i of [2, 0, 1]) await ours.retry(jobs[i], 'again', 1000, { now });
  const again = await ours.take(3, { now: now + 1000 });
  assert.deepEqual(
    again.jobs.map((job) => job.id),
    ['3', '1', '2'],
  );
});

test('a failure is final for a real Worker too: ours retried by hand is handed out again', async () => {
  const { ours, queue, worker } = bed();
  const q = queue();
  const [id] = await ours.add({}, { opts: { attempts: 1 } });
  await ours.fail(await ours.takeOne(), 'first');
  await (await q.getJob(id)).retry('failed');
  assert.deepEqual(await ours.counts(), {
    waiting: 1,
    delayed: 0,
    active: 0,
    completed: 0,
    failed: 0,
  });
  worker(async () => {
    throw new UnrecoverableError('second');
  });
  await until('it failed', async () => (await q.getJobState(id)) === 'failed');
  assert.equal((await ours.find(id)).failedReason, 'second');
});
