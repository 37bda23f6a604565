// bench-worker runs what Queue.add put into the queue, and ends it as the library expects.
import assert from 'node:assert/strict';
import test from 'node:test';
import { bed } from '../bed.mjs';
import { startWorker } from '../programs.mjs';
import { redis, until, within } from '../server.mjs';

const BROKEN = { n: -1 }; // data that our worker fails

const stateIs = (q, id, state) =>
  until(`${id} is ${state}`, async () => (await q.getJobState(id)) === state && q.getJob(id));

// The ids of jobs in the order in which they ended.
const endsOf = async ({ ours }) =>
  (await ours.events()).filter(({ event }) => event === 'completed').map(({ jobId }) => jobId);

// What a queue has of its jobs, without those states that have none.
async function countsOf(q) {
  const counts = await q.getJobCounts();
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

// ---- what a job is ----

test('a job of any name is run: with its n, or with the default work', async () => {
  const b = bed();
  const [q, listening] = [b.queue(), await b.events()];
  await startWorker(b);
  for (const [name, data, want] of [
    ['heavy', { n: 5 }, { count: 5 }],
    ['another name: é', { n: 0 }, { count: 0 }],
    ['email', {}, { count: 1000 }],
    ['email', undefined, { count: 1000 }],
    ['email', { to: 'é "x"', list: [1, { n: 3 }] }, { count: 1000 }],
    ['sleep', { sleep_ms: 1.5 }, { slept_ms: 1.5 }],
  ]) {
    const job = await q.add(name, data);
    const result = await within(job.waitUntilFinished(listening), `${name} ends`);
    assert.deepEqual(result, want, name);
  }
  const [job] = await q.getCompleted(0, 0);
  assert.deepEqual(
    [job.attemptsMade, job.attemptsStarted, job.stacktrace, job.failedReason],
    [1, 1, [], undefined],
  );
  assert.ok(job.timestamp <= job.processedOn && job.processedOn <= job.finishedOn);
  assert.deepEqual(await countsOf(q), { completed: 6 });
});

test('data that ask for nothing that can be done: the job fails and says why', async () => {
  const b = bed();
  const [q, listening] = [b.queue(), await b.events()];
  const worker = await startWorker(b, '--max-work', 'count:5000');
  for (const [data, why] of [
    [[1, 2], /data.*must be a JSON object/],
    [5, /data.*must be a JSON object/],
    ['text', /data.*must be a JSON object/],
    [null, /data.*must be a JSON object/],
    [true, /data.*must be a JSON object/],
    [{ n: 'many' }, /data.*n must be a whole number/],
    [{ n: -1 }, /data.*n must not be negative/],
    [{ n: 5001 }, /data.*5000/],
    [{ n: 1, sleep_ms: 1 }, /data.*n or sleep_ms, not both/],
  ]) {
    const job = await q.add('heavy', data);
    await assert.rejects(within(job.waitUntilFinished(listening), 'it fails'), why);
    const failed = await q.getJob(job.id);
    assert.match(failed.failedReason, why);
    assert.deepEqual(failed.stacktrace, [failed.failedReason]);
    assert.deepEqual([failed.attemptsMade, await failed.getState()], [1, 'failed']);
  }
  const { completed, failed } = (await worker.stats()).worker;
  assert.deepEqual([completed, failed], [0, 9]);
});

test('a job keeps the id that was chosen for it', async () => {
  const b = bed();
  const [q, listening] = [b.queue(), await b.events()];
  await startWorker(b);
  for (const jobId of ['mine', 'three:parts:each', 'a b', 'é', '%41', 'x'.repeat(200)]) {
    const job = await q.add('heavy', { n: 5 }, { jobId });
    assert.deepEqual(await within(job.waitUntilFinished(listening), jobId), { count: 5 });
    assert.equal(await redis.exists(b.ours.key(`${jobId}:lock`)), 0);
  }
  assert.deepEqual(await countsOf(q), { completed: 6 });
});

test('listeners are told of each end', async () => {
  const b = bed();
  const [q, listening] = [b.queue(), await b.events()];
  const told = [];
  for (const event of ['completed', 'failed'])
    listening.on(event, ({ jobId, returnvalue, failedReason }) =>
      told.push([event, jobId, returnvalue ?? failedReason]),
    );
  await startWorker(b, '--concurrency', '1');
  const good = await q.add('heavy', { n: 5 });
  await stateIs(q, good.id, 'completed');
  const bad = await q.add('heavy', BROKEN);
  await until('both are told', () => told.length === 2);
  assert.deepEqual(told[0], ['completed', good.id, { count: 5 }]);
  assert.deepEqual(told[1].slice(0, 2), ['failed', bad.id]);
  assert.match(told[1][2], /negative/);
});

test('the library lists our worker while it lives', async () => {
  const b = bed();
  const q = b.queue();
  assert.deepEqual(await q.getWorkers(), []);
  const workers = [await startWorker(b), await startWorker(b)];
  await until('both are listed', async () => (await q.getWorkersCount()) === 2);
  await workers[0].end();
  await until('one is listed', async () => (await q.getWorkersCount()) === 1);
  await workers[1].kill();
  await until('none is listed', async () => (await q.getWorkersCount()) === 0);
});

// ---- what is kept ----

test('of what ended is kept what each job says', async () => {
  const b = bed();
  const q = b.queue();
  await startWorker(b, '--concurrency', '1');
  for (const [state, rule, data] of [
    ['completed', 'removeOnComplete', {}],
    ['failed', 'removeOnFail', BROKEN],
  ]) {
    const kept = async () => (await q.getJobs([state])).map((job) => job.id).sort();
    let last = '';
    const run = async (jobId, value) => {
      const listed = (await b.ours.events()).length;
      await q.add('heavy', data, { jobId, [rule]: value });
      last = jobId;
      await until(`${jobId} ended`, async () =>
        (await b.ours.events())
          .slice(listed)
          .some(({ event, jobId: ended }) => event === state && ended === last),
      );
    };
    for (const n of ['a', 'b', 'c']) await run(`${state}-${n}`, false);
    await run(`${state}-d`, true);
    assert.deepEqual(
      await kept(),
      ['a', 'b', 'c'].map((n) => `${state}-${n}`),
    );
    assert.equal(await redis.exists(b.ours.key(`${state}-d`)), 0);
    await run(`${state}-e`, 2);
    assert.deepEqual(await kept(), [`${state}-c`, `${state}-e`]);
    await run(`${state}-f`, { count: 1 });
    assert.deepEqual(await kept(), [`${state}-f`]);
    await run(`${state}-g`, { age: 3600 });
    assert.deepEqual(await kept(), [`${state}-f`, `${state}-g`]);
    await redis.zadd(b.ours.key(state), Date.now() - 3601e3, `${state}-f`);
    await run(`${state}-h`, { age: 3600, count: 100 });
    assert.deepEqual(await kept(), [`${state}-g`, `${state}-h`]);
    assert.equal(await redis.exists(b.ours.key(`${state}-f`)), 0);
  }
});

test('without a rule of its own a job is kept as --keep-jobs says', async () => {
  const b = bed();
  const q = b.queue();
  await startWorker(b, '--keep-jobs', '3', '--concurrency', '1');
  await q.addBulk(Array.from({ length: 9 }, () => ({ name: 'heavy', data: {} })));
  await until('all ended', async () => (await endsOf(b)).length === 9);
  assert.deepEqual(
    (await q.getCompleted()).map((job) => job.id),
    ['9', '8', '7'],
  );
});

// ---- another attempt ----

for (const [what, backoff, waits] of [
  ['at a fixed distance', { type: 'fixed', delay: 60e3 }, [60e3, 60e3]],
  ['at a fixed distance, given as a number', 60e3, [60e3, 60e3]],
  ['each pause twice as long', { type: 'exponential', delay: 60e3 }, [60e3, 120e3]],
  ['by chance a little earlier', { type: 'fixed', delay: 60e3, jitter: 0.5 }, [60e3, 60e3]],
])
  test(`a job that fails is tried as often as it says: ${what}`, async () => {
    const b = bed();
    const q = b.queue();
    await startWorker(b);
    const { id } = await q.add('heavy', BROKEN, { attempts: 3, backoff });
    const jitter = backoff.jitter ?? 0;
    for (const [i, wait] of waits.entries()) {
      const job = await stateIs(q, id, 'delayed');
      assert.equal(job.attemptsMade, i + 1);
      assert.ok(job.delay <= wait && job.delay >= wait * (1 - jitter), `${job.delay} ms`);
      const due = Number(await redis.zscore(b.ours.key('delayed'), id)) / 4096;
      assert.ok(Math.abs(due - job.delay - Date.now()) < 15e3, String(due));
      await job.promote();
      await until('it was tried', async () => (await q.getJob(id)).attemptsMade === i + 2);
    }
    const job = await stateIs(q, id, 'failed');
    assert.deepEqual([job.attemptsMade, job.attemptsStarted], [3, 3]);
    assert.equal(job.stacktrace.length, 3);
    assert.deepEqual(await countsOf(q), { failed: 1 });
  });

test('chance makes different pauses', async () => {
  const b = bed();
  const q = b.queue();
  await startWorker(b);
  const backoff = { type: 'fixed', delay: 60e3, jitter: 1 };
  await q.addBulk(
    Array.from({ length: 8 }, () => ({ name: '', data: BROKEN, opts: { attempts: 2, backoff } })),
  );
  await until('all failed', async () => (await q.getDelayedCount()) === 8);
  const pauses = (await q.getDelayed()).map((job) => job.delay);
  assert.ok(new Set(pauses).size > 1, String(pauses));
});

test('the next attempt comes when it is due; without a pause at once', async () => {
  const b = bed();
  const q = b.queue();
  await startWorker(b);
  const later = await q.add('heavy', BROKEN, { attempts: 3, backoff: 200 });
  const atOnce = await q.add('heavy', BROKEN, { attempts: 3 });
  for (const [{ id }, least] of [
    [later, 400],
    [atOnce, 0],
  ]) {
    const { attemptsMade, finishedOn, timestamp } = await stateIs(q, id, 'failed');
    assert.equal(attemptsMade, 3);
    assert.ok(finishedOn - timestamp >= least, `${finishedOn - timestamp} ms`);
    assert.ok(finishedOn - timestamp < least + 4000, `${finishedOn - timestamp} ms`);
  }
});

test('a pause of a kind that we do not know: the job fails for good', async () => {
  const b = bed();
  const q = b.queue();
  await startWorker(b);
  const { id } = await q.add('heavy', BROKEN, { attempts: 5, backoff: { type: 'mine', delay: 1 } });
  const job = await stateIs(q, id, 'failed');
  assert.equal(job.attemptsMade, 1);
  assert.match(job.failedReason, /negative/);
});

test('a failed job that is retried by hand is run again', async () => {
  const b = bed();
  const [q, listening] = [b.queue(), await b.events()];
  await startWorker(b);
  const { id } = await q.add('heavy', BROKEN);
  const job = await stateIs(q, id, 'failed');
  await job.updateData({ n: 5 });
  await job.retry('failed');
  assert.deepEqual(await within(job.waitUntilFinished(listening), 'it ends'), { count: 5 });
  assert.deepEqual(await countsOf(q), { completed: 1 });
});

test('a job whose workers all died is failed by the next, and not run', async () => {
  const b = bed();
  const q = b.queue();
  const lock = ['--job-lease', '300ms', '--stalled-interval', '100ms'];
  const { id } = await q.add('heavy', { sleep_ms: 60e3 }, { attempts: 5 });
  for (let starts = 1; starts <= 2; starts++) {
    const worker = await startWorker(b, ...lock);
    await until('it is run', async () => (await q.getJob(id)).attemptsStarted === starts);
    await worker.kill();
  }
  const last = await startWorker(b, ...lock);
  const job = await stateIs(q, id, 'failed');
  assert.match(job.failedReason, /stalled/);
  assert.equal(job.stalledCounter, 2);
  assert.equal(await redis.hexists(b.ours.key(id), 'defa'), 0);
  assert.equal((await last.stats()).worker.failed, 1);
});

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

// The most jobs that were active at once; an end in a start's millisecond came before it.
function mostAtOnce(jobs) {
  const steps = jobs.flatMap((job) => [
    [job.processedOn, 1],
    [job.finishedOn, -1],
  ]);
  let [now, most] = [0, 0];
  for (const [, step] of steps.sort((a, b) => a[0] - b[0] || a[1] - b[1]))
    most = Math.max(most, (now += step));
  return most;
}

test('not more jobs are run at once than the queue allows, by all workers together', async () => {
  const b = bed();
  const q = b.queue();
  await q.setGlobalConcurrency(3);
  for (let i = 0; i < 2; i++) await startWorker(b, '--concurrency', '4');
  const data = { sleep_ms: 40 };
  await q.addBulk(Array.from({ length: 24 }, () => ({ name: 'heavy', data })));
  await until('all ended', async () => (await q.getCompletedCount()) === 24);
  assert.equal(mostAtOnce(await q.getCompleted(0, 24)), 3);
});

test('not more jobs are begun in a time than the queue allows', async () => {
  const b = bed();
  const q = b.queue();
  const [max, duration] = [3, 400];
  await q.setGlobalRateLimit(max, duration);
  for (let i = 0; i < 2; i++) await startWorker(b);
  await q.addBulk(Array.from({ length: 3 * max }, () => ({ name: 'heavy', data: {} })));
  await until('all ended', async () => (await q.getCompletedCount()) === 3 * max);
  const jobs = await q.getCompleted(0, 3 * max);
  const starts = jobs.map((job) => job.processedOn).sort((a, b) => a - b);
  // A time begins with its first job, by the clock of Redis.
  for (const i of [max, 2 * max]) {
    const apart = starts[i] - starts[i - max];
    assert.ok(apart >= duration - 20 && apart < duration + 4000, String(starts));
  }
});

// ---- what is special ----

test('the end of a job frees its deduplication key, whether it completed or failed', async () => {
  const b = bed();
  const q = b.queue();
  for (const [data, state] of [
    [{ sleep_ms: 50 }, 'completed'],
    [BROKEN, 'failed'],
  ]) {
    await q.pause();
    const once = () => q.add('heavy', data, { deduplication: { id: 'same' } });
    const { id } = await once();
    assert.equal((await once()).id, id);
    if (state === 'completed') await startWorker(b);
    await q.resume();
    await stateIs(q, id, state);
    assert.equal(await redis.exists(b.ours.key('de:same')), 0);
  }
});
