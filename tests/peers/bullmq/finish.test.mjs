// Ends that our script stores are ends to the real classes; whose job it is, and what is counted.
import assert from 'node:assert/strict';
import test from 'node:test';
import { bed } from './bed.mjs';
import { redis, until, within } from './server.mjs';

// ---- who waits for an end ----

test('waitUntilFinished and QueueEvents see our results', async () => {
  const { ours, queue, events } = bed();
  const q = queue();
  const listening = await events();
  const seen = [];
  listening.on('completed', (event) => seen.push(event));
  const results = [{ count: 5 }, null, 'text', 0, [1, 'é\u2028"']];
  const jobs = await Promise.all(results.map(() => q.add('heavy', {})));
  const finished = jobs.map((job) => job.waitUntilFinished(listening));
  const taken = (await ours.take(9)).jobs;
  const ends = taken.map((job, i) => ({
    job,
    what: 'completed',
    text: JSON.stringify(results[i]),
  }));
  assert.deepEqual(await ours.finish(ends), [0, 0, 0, 0, 0]);
  assert.deepEqual(await within(Promise.all(finished), 'all results'), results);
  await until('all events', () => seen.length === 5);
  assert.deepEqual(seen[0], { jobId: '1', returnvalue: { count: 5 }, prev: 'active' });
  assert.deepEqual(await jobs[4].waitUntilFinished(listening), results[4]); // who asks late
});

test('waitUntilFinished and QueueEvents see our failures', async () => {
  const { ours, queue, events } = bed();
  const q = queue();
  const listening = await events();
  const seen = [];
  listening.on('failed', (event) => seen.push(event));
  const job = await q.add('heavy', {});
  const finished = assert.rejects(job.waitUntilFinished(listening), /^Error: n is "missing"$/);
  await ours.fail(await ours.takeOne(), 'n is "missing"');
  await within(finished, 'the failure');
  await assert.rejects(job.waitUntilFinished(listening), /n is "missing"/);
  await until('the event', () => seen.length);
  assert.deepEqual(seen[0], { jobId: '1', failedReason: 'n is "missing"', prev: 'active' });
  const failed = await q.getJob('1');
  assert.deepEqual(failed.stacktrace, ['n is "missing"']);
  assert.equal(failed.attemptsMade, 1);
  assert.ok(failed.finishedOn >= failed.processedOn);
});

test('who asks with a short patience is told of the end it missed', async () => {
  const { ours, queue, events } = bed();
  const listening = await events();
  const job = await queue().add('heavy', {});
  await ours.complete(await ours.takeOne(), 1);
  assert.equal(await job.waitUntilFinished(listening, 5000), 1);
});

// ---- whose job it is ----

test('of a job that is lost nothing is changed; the others of the batch end', async () => {
  const { ours, queue } = bed();
  await ours.add(Array.from({ length: 6 }, () => ({})));
  const { jobs } = await ours.take(5);
  await redis.del(ours.key(`${jobs[0].id}:lock`));
  await redis.set(ours.key(`${jobs[1].id}:lock`), 'somebody else');
  await redis.del(ours.key(jobs[2].id));
  await redis.lrem(ours.key('active'), 1, jobs[3].id);
  const before = await Promise.all(jobs.slice(0, 4).map((job) => ours.hash(job.id)));
  const ends = jobs.map((job) => ({ job, what: 'completed', text: '1' }));
  assert.deepEqual(await ours.finish(ends), [-2, -6, -1, -3, 0]);
  assert.deepEqual(await Promise.all(jobs.slice(0, 4).map((job) => ours.hash(job.id))), before);
  assert.equal(await redis.get(ours.key(`${jobs[1].id}:lock`)), 'somebody else');
  assert.deepEqual(await redis.zrange(ours.key('completed'), 0, -1), ['5']);
  assert.deepEqual(
    (await ours.events()).map(({ jobId }) => jobId),
    ['5'],
  );
  for (const what of ['failed', 'retry'])
    assert.deepEqual(
      await ours.finish([{ job: jobs[0], what, text: 'x', more: what === 'retry' ? 0 : '' }]),
      [-2],
    );
  assert.equal(await queue().getActiveCount(), 2); // the job that was removed is not
});

test('a job is ended once', async () => {
  const { ours } = bed();
  await ours.add({});
  const job = await ours.takeOne();
  await redis.sadd(ours.key('stalled'), job.id);
  await ours.complete(job, 1);
  assert.equal(await redis.exists(ours.key('stalled'), ours.key('active')), 0);
  assert.deepEqual(await ours.finish([{ job, what: 'failed', text: 'late' }]), [-2]);
  assert.equal((await ours.find('1')).state, 'completed');
});

const batches = {
  'every third, newest first': (jobs) => jobs.filter((_, i) => i % 3 === 0).reverse(),
  'all but a few': (jobs) => jobs.filter((_, i) => ![0, 1, 77, 399].includes(i)),
  'those that began last': (jobs) => jobs.slice(-5),
  'the first and the last': (jobs) => [jobs[399], jobs[0]],
  all: (jobs) => jobs,
};
for (const [which, choose] of Object.entries(batches))
  test(`active jobs that go on keep their order: ${which} of 400 end`, async () => {
    const { ours } = bed();
    await ours.add(Array(400).fill({}));
    const { jobs } = await ours.take(400);
    const before = await redis.lrange(ours.key('active'), 0, -1);
    const ends = choose(jobs).map((job) => ({ job, what: 'completed', text: '1' }));
    assert.deepEqual(await ours.finish(ends), Array(ends.length).fill(0));
    const ended = ends.map(({ job }) => job.id);
    assert.deepEqual(await redis.zrange(ours.key('completed'), 0, -1), [...ended].sort());
    assert.deepEqual(
      await redis.lrange(ours.key('active'), 0, -1),
      before.filter((id) => !ended.includes(id)),
    );
  });

test('a job that a batch names twice is ended once', async () => {
  const { ours } = bed();
  await ours.add([{}, {}]);
  const [job, other] = (await ours.take(2)).jobs;
  const end = { job, what: 'completed', text: '1' };
  assert.deepEqual(await ours.finish([end, { ...end, job: other }, end]), [0, 0, -3]);
  assert.equal((await ours.events()).length, 2);
  assert.equal(await redis.exists(ours.key('active')), 0);
});

test('released jobs are the next again, in order, no attempt used up', async () => {
  const { ours, queue } = bed();
  const q = queue();
  await ours.add([{}, {}, {}, {}], { opts: { attempts: 2 } });
  await q.add('heavy', {}, { jobId: 'p1', priority: 7 });
  await q.add('heavy', {}, { jobId: 'p2', priority: 7 });
  const { jobs } = await ours.take(5);
  const [first, second] = jobs;
  const prioritized = jobs[4];
  assert.equal(prioritized.id, 'p1');
  await redis.del(ours.key('marker'));
  assert.equal(await ours.release([prioritized, second, first]), 3);
  assert.ok(await redis.zscore(ours.key('marker'), '0'));
  const again = await ours.take(9);
  assert.deepEqual(
    again.jobs.map((job) => job.id),
    ['1', '2', 'p1', 'p2'],
  );
  assert.equal(again.jobs[0].atm, null);
  assert.equal((await ours.hash('1')).ats, '1');
  assert.equal(await ours.release([first]), 0); // its token is of the first time
  assert.equal(await q.getJobState('1'), 'active');
});

test('a real Worker runs what we released', async () => {
  const { ours, worker, asleep } = bed();
  await ours.add({});
  const job = await ours.takeOne();
  const ran = [];
  worker(async ({ attemptsStarted }) => ran.push(attemptsStarted), { drainDelay: 60 });
  await asleep();
  await ours.release([job]);
  await until('it ran', () => ran.length);
  assert.deepEqual(ran, [1]);
});

// ---- events and counts ----

test('the stream of events stays short', async () => {
  const { ours, queue } = bed();
  const q = queue({ streams: { events: { maxLen: 100 } } });
  await q.waitUntilReady();
  await until('its length is set', () => redis.hexists(ours.key('meta'), 'opts.maxLenEvents'));
  await ours.add(Array.from({ length: 2000 }, () => ({})));
  for (let i = 0; i < 20; i++) {
    const { jobs } = await ours.take(100);
    await ours.finish(jobs.map((job) => ({ job, what: 'completed', text: 'null' })));
  }
  const length = await redis.xlen(ours.key('events'));
  assert.ok(length >= 100 && length <= 400, `${length} events`);
});

test('what was added is what ended and what is left, whoever ends it and keeps what', async () => {
  const { ours, worker } = bed();
  const opts = { removeOnComplete: { count: 5 } };
  await ours.add(
    Array.from({ length: 300 }, (_, n) => ({ n })),
    { opts },
  );
  const before = await ours.counts();
  assert.deepEqual(before, { waiting: 300, delayed: 0, active: 0, completed: 0, failed: 0 });
  const fails = (n) => n % 10 === 3;
  let theirs = 0;
  const w = worker(
    async (job) => {
      theirs++;
      if (fails(job.data.n)) throw new Error('by chance');
    },
    { concurrency: 3 },
  );
  await until('they ended some', () => theirs > 50);
  for (let i = 0; i < 10; i++) {
    const { jobs } = await ours.take(10);
    await ours.finish(
      jobs.map((job) => {
        const failed = fails(JSON.parse(job.data).n);
        return failed
          ? { job, what: 'failed', text: 'by chance', more: '2' }
          : { job, what: 'completed', text: 'null', more: '5' };
      }),
    );
    const { waiting, delayed, active, completed, failed } = await ours.counts();
    assert.equal(waiting + delayed + active + completed + failed, 300);
  }
  await until(
    'all ended',
    async () => (await ours.counts()).waiting + (await ours.counts()).active === 0,
  );
  await w.close();
  assert.deepEqual(await ours.counts(), {
    waiting: 0,
    delayed: 0,
    active: 0,
    completed: 270,
    failed: 30,
  });
});

test('ids of their own count too', async () => {
  const { ours, queue } = bed();
  await queue().add('heavy', {}, { jobId: 'mine' });
  await ours.add({});
  await ours.complete(await ours.takeOne(), null, { completed: 'true' });
  assert.deepEqual(await ours.counts(), {
    waiting: 1,
    delayed: 0,
    active: 0,
    completed: 1,
    failed: 0,
  });
});
