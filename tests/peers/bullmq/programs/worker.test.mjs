// bench-worker runs what Queue.add put into the queue, and ends it as the library expects.
import assert from 'node:assert/strict';
import test from 'node:test';
import { bed, countsOf, endsOf, stateIs } from '../bed.mjs';
import { BROKEN, startWorker } from '../programs.mjs';
import { redis, until, within } from '../server.mjs';

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
  assert.ok(job.processedOn > 0 && job.processedOn <= job.finishedOn);
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
