// Jobs that the library adds are taken by our script: in its order, under its limits.
import assert from 'node:assert/strict';
import test from 'node:test';
import { FlowProducer } from 'bullmq';
import { bed } from './bed.mjs';
import { ourWorker } from './ours.mjs';
import { closeAtEnd, connection, redis, until, within } from './server.mjs';

const ids = ({ jobs }) => jobs.map((job) => job.id);
const marked = (ours) => redis.zscore(ours.key('marker'), '0').then((score) => score !== null);

test('our worker runs jobs of Queue.add, with what was asked and given', async () => {
  const { ours, queue, events } = bed();
  const q = queue();
  const listening = await events();
  const mine = closeAtEnd(ourWorker(ours, async (job) => ({ double: 2 * JSON.parse(job.data).n })));
  const jobs = await Promise.all([1, 2, 3].map((n) => q.add(`job-${n}`, { n })));
  for (const job of jobs)
    assert.deepEqual(await within(job.waitUntilFinished(listening), 'result'), {
      double: 2 * job.data.n,
    });
  const [job] = await q.getCompleted(0, 0);
  assert.equal(job.attemptsMade, 1);
  assert.equal(job.attemptsStarted, 1);
  assert.ok(job.processedOn > 0 && job.processedOn <= job.finishedOn);
  await mine.close();
});

test('a taken job is what was added', async () => {
  const { ours, queue } = bed();
  const added = await queue().add('any name', { n: 5 }, { attempts: 4, jobId: 'its-own-id' });
  const job = await ours.takeOne({ now: 1700000000123 });
  assert.equal(job.id, 'its-own-id');
  assert.equal(job.name, 'any name');
  assert.deepEqual(JSON.parse(job.data), { n: 5 });
  assert.equal(JSON.parse(job.opts).attempts, 4);
  assert.equal(Number(job.timestamp), added.timestamp);
  assert.deepEqual([job.atm, job.defa], [null, null]);
  const hash = await ours.hash(job.id);
  assert.deepEqual([hash.processedOn, hash.ats], ['1700000000123', '1']);
  assert.equal(await redis.get(ours.key(`${job.id}:lock`)), job.token);
  assert.ok((await redis.pttl(ours.key(`${job.id}:lock`))) > 25e3);
  assert.equal(await queue().getJobState(job.id), 'active');
});

test('first come, then by priority, ties in order; lifo before all', async () => {
  const { ours, queue } = bed();
  const q = queue();
  for (const [jobId, opts] of [
    ['low', { priority: 9 }],
    ['high', { priority: 2 }],
    ['a', {}],
    ['high2', { priority: 2 }],
    ['b', {}],
    ['last', { lifo: true }],
    ['lowest', { priority: 2097151 }],
  ])
    await q.add('heavy', {}, { jobId, ...opts });
  assert.deepEqual(ids(await ours.take(3)), ['last', 'a', 'b']);
  assert.deepEqual(ids(await ours.take(2)), ['high', 'high2']);
  assert.deepEqual(ids(await ours.take(9)), ['low', 'lowest']);
});

test('a delayed job comes when it is due and not before, ties in order', async () => {
  const { ours, queue } = bed();
  const q = queue();
  const due = Date.now() + 60e3;
  for (const jobId of ['x', 'b', 'a'])
    await q.add('heavy', {}, { jobId, delay: 60e3, timestamp: due - 60e3 });
  await q.add('heavy', {}, { jobId: 'later', delay: 61e3, timestamp: due - 60e3, priority: 4 });
  assert.deepEqual(await ours.take(9, { now: due - 1 }), { why: 'empty', ms: 1, jobs: [] });
  const { why, ms, jobs } = await ours.take(9, { now: due });
  assert.deepEqual([why, ms, jobs.map((job) => job.id)], ['empty', 1000, ['x', 'b', 'a']]);
  assert.equal((await ours.hash('x')).delay, '0');
  assert.deepEqual(ids(await ours.take(9, { now: due + 1000 })), ['later']);
  assert.deepEqual(await ours.take(9), { why: 'empty', ms: -1, jobs: [] });
});

test('our worker wakes for a delayed job of the library', async () => {
  const { ours, queue } = bed();
  const ran = [];
  const w = closeAtEnd(ourWorker(ours, async (job) => ran.push([job.id, Date.now()])));
  const job = await queue().add('heavy', {}, { delay: 300 });
  await until('it ran', () => ran.length);
  assert.ok(ran[0][1] - job.timestamp >= 300);
  await w.close();
});

test('pausing the real Queue stops our take; resuming starts it', async () => {
  const { ours, queue } = bed();
  const q = queue();
  await ours.add([{}, {}]);
  await q.pause();
  assert.deepEqual(await ours.take(2), { why: 'paused', ms: -1, jobs: [] });
  const ran = [];
  const w = closeAtEnd(ourWorker(ours, async (job) => ran.push(job.id)));
  await q.resume();
  await until('both ran', () => ran.length === 2);
  await w.close();
});

test('the global concurrency binds us, and an end of ours calls the next', async () => {
  const { ours, queue } = bed();
  const q = queue();
  await q.setGlobalConcurrency(2);
  await q.addBulk([1, 2, 3, 4].map((n) => ({ name: 'heavy', data: { n } })));
  const first = await ours.take(4);
  assert.deepEqual([first.why, ids(first)], ['full', ['1', '2']]);
  assert.deepEqual(await ours.take(4), { why: 'full', ms: -1, jobs: [] });
  await redis.del(ours.key('marker'));
  await ours.complete(first.jobs[0]);
  assert.ok(await marked(ours));
  assert.deepEqual(ids(await ours.take(4)), ['3']);
});

test('a real Worker that sleeps under the cap is woken by our end', async () => {
  const { ours, queue, worker, asleep } = bed();
  await queue().setGlobalConcurrency(1);
  await ours.add([{}, {}]);
  const job = await ours.takeOne();
  const ran = [];
  worker(async ({ id }) => ran.push(id), { drainDelay: 60 });
  await asleep();
  const before = Date.now();
  await ours.complete(job);
  await until('it ran', () => ran.length);
  assert.ok(Date.now() - before < 5000);
});

test('the rate limit of the queue binds us, and its counter is the one of the library', async () => {
  const { ours, queue } = bed();
  const q = queue();
  await q.setGlobalRateLimit(3, 400);
  await q.addBulk(Array.from({ length: 5 }, () => ({ name: 'heavy', data: {} })));
  const asked = Date.now(); // before the answer, which may arrive late
  const first = await ours.take(5);
  assert.deepEqual([first.why, first.jobs.length], ['limited', 3]);
  assert.ok(first.ms > 0 && first.ms <= 400, `${first.ms} ms`);
  assert.ok((await q.getRateLimitTtl()) > 0);
  const rest = await until('the limit ended', async () => {
    const taken = await ours.take(5);
    return taken.jobs.length > 0 && taken;
  });
  assert.ok(Date.now() - asked >= first.ms - 5);
  assert.equal(rest.jobs.length, 2);
});

test('a queue that is rate limited by hand gives us nothing', async () => {
  const { ours, queue } = bed();
  const q = queue();
  await q.setGlobalRateLimit(1000, 1000);
  await q.rateLimit(60e3);
  await ours.add({});
  const { why, ms, jobs } = await ours.take(1);
  assert.deepEqual([why, jobs], ['limited', []]);
  assert.ok(ms > 50e3 && ms <= 60e3);
});

test('a limit that nothing would end is no limit', async () => {
  const { ours, queue } = bed();
  await queue().setGlobalRateLimit(2, 60e3);
  await redis.set(ours.key('limiter'), 5);
  await ours.add([{}, {}, {}]);
  const { why, jobs } = await ours.take(3);
  assert.deepEqual([why, jobs.length], ['limited', 2]);
  assert.ok((await redis.pttl(ours.key('limiter'))) > 0);
});

test('a job that is only to be failed does not count', async () => {
  const { ours, queue } = bed();
  await queue().setGlobalRateLimit(1, 60e3);
  await ours.add([{}, {}]);
  await redis.hset(ours.key('1'), 'defa', 'it stalled');
  assert.equal((await ours.takeOne()).id, '1');
  assert.equal((await ours.takeOne()).id, '2');
  assert.equal((await ours.take(1)).why, 'limited');
});

test('a real Worker counts against what we took, and we against what it took', async () => {
  const { ours, queue, worker } = bed();
  const q = queue();
  await q.setGlobalRateLimit(4, 60e3);
  await ours.add(Array.from({ length: 9 }, () => ({})));
  await ours.take(3);
  const ran = [];
  worker(async (job) => ran.push(job.id));
  await until('it ran', () => ran.length);
  assert.equal((await ours.take(1)).why, 'limited');
  assert.equal(await redis.get(ours.key('limiter')), '4');
});

test('the marker is left while jobs wait, and only then', async () => {
  const { ours } = bed();
  await ours.add([{}, {}, {}]);
  await redis.del(ours.key('marker'));
  await ours.take(1);
  assert.ok(await marked(ours));
  await redis.del(ours.key('marker'));
  await ours.take(2);
  assert.ok(!(await marked(ours)));
});

test('one of many: all sleeping real Workers get work from one marker', async () => {
  const { ours, worker, asleep } = bed();
  let running = 0;
  let go;
  const gate = new Promise((resolve) => (go = resolve));
  for (let i = 0; i < 3; i++)
    worker(
      async () => {
        running++;
        await gate;
      },
      { drainDelay: 60 },
    );
  await asleep(3);
  await ours.add([{}, {}, {}, {}]);
  const { jobs } = await ours.take(1);
  await until('all run', () => running === 3);
  go();
  await ours.complete(jobs[0]);
});

test('a reason to fail comes with the job', async () => {
  const { ours, queue } = bed();
  await queue().add('heavy', {}, { jobId: 'x' });
  await redis.hset(ours.key('x'), 'defa', 'it stalled');
  assert.equal((await ours.takeOne()).defa, 'it stalled');
});

test('an id without a job is dropped and counted', async () => {
  const { ours, queue } = bed();
  await ours.add([{}, {}, {}]);
  await redis.del(ours.key('1'), ours.key('2'));
  await redis.set(ours.key('2'), 'no job');
  assert.deepEqual(ids(await ours.take(1)), ['3']);
  assert.deepEqual(await queue().getJobCounts('waiting', 'active'), { waiting: 0, active: 1 });
  assert.equal(await redis.hget(ours.meta, 'bench.missing'), '2');
});

// ---- jobs for others ----

async function addFlow(name, children) {
  const flow = closeAtEnd(new FlowProducer({ connection }));
  return flow.add({
    name: 'parent',
    queueName: name,
    data: {},
    opts: { jobId: 'parent' },
    children: children.map((jobId) => ({
      name: 'child',
      queueName: name,
      data: {},
      opts: { jobId },
    })),
  });
}

test('children of a flow keep their places; what is behind them is taken', async () => {
  const { name, ours, worker, queue } = bed();
  await addFlow(name, ['c1', 'c2']);
  await ours.add([{}, {}, {}]);
  const before = await redis.lrange(ours.key('wait'), 0, -1);
  const own = await ours.take(2);
  assert.deepEqual(
    own.jobs.map((job) => job.name),
    ['heavy', 'heavy'],
  );
  assert.equal(own.why, 'taken');
  const last = await ours.take(2);
  assert.deepEqual([last.why, last.jobs.length], ['foreign', 1]);
  await redis.del(ours.key('marker'));
  const { why, ms, jobs } = await ours.take(2);
  assert.deepEqual([why, jobs], ['foreign', []]);
  assert.ok(ms > 0);
  assert.ok(await marked(ours));
  assert.deepEqual(await redis.lrange(ours.key('wait'), 0, -1), before.slice(-2));
  for (const job of [...own.jobs, ...last.jobs]) await ours.complete(job);
  const ran = [];
  worker(async (job) => ran.push(job.id));
  await until('the flow ended', async () => (await queue().getJobState('parent')) === 'completed');
  assert.deepEqual(ran, ['c1', 'c2', 'parent']);
});

test('prioritized children keep their scores', async () => {
  const { ours, queue } = bed();
  const q = queue();
  for (const [jobId, priority] of [
    ['c', 1],
    ['own', 5],
  ])
    await q.add('heavy', {}, { jobId, priority });
  await redis.hset(ours.key('c'), 'parentKey', 'bull:other:1');
  const before = await redis.zscore(ours.key('prioritized'), 'c');
  assert.deepEqual(ids(await ours.take(2)), ['own']);
  assert.equal(await redis.zscore(ours.key('prioritized'), 'c'), before);
});

test('very many foreign jobs: a short look, nothing moved', async () => {
  const { ours, queue } = bed();
  await queue().addBulk(Array.from({ length: 300 }, () => ({ name: 'heavy', data: {} })));
  for (let id = 1; id <= 300; id++) await redis.hset(ours.key(id), 'parentKey', 'bull:other:1');
  await ours.add({});
  const before = await redis.lrange(ours.key('wait'), 0, -1);
  assert.deepEqual(await ours.take(7), { why: 'foreign', ms: 1000, jobs: [] });
  assert.deepEqual(await redis.lrange(ours.key('wait'), 0, -1), before);
});

test('jobs of a scheduler are left to the library', async () => {
  const { ours, queue, worker } = bed();
  const q = queue();
  await q.upsertJobScheduler('every', { every: 100, limit: 2 }, { name: 'tick' });
  await until('it is due', async () => (await ours.take(1)).why === 'foreign');
  const ran = [];
  worker(async (job) => ran.push(job.name));
  await until('the scheduler went on', () => ran.length === 2);
});

test('an end frees the deduplication key', async () => {
  const { ours, queue } = bed();
  const q = queue();
  const once = () => q.add('heavy', {}, { deduplication: { id: 'same' } });
  assert.equal((await once()).id, (await once()).id);
  const job = await ours.takeOne();
  assert.equal(job.id, '1');
  await ours.complete(job);
  assert.notEqual((await once()).id, '1');
  const second = await ours.takeOne();
  await ours.fail(second, 'broken');
  assert.notEqual((await once()).id, second.id);
});

test('a deduplication key with a time to live is not freed', async () => {
  const { ours, queue } = bed();
  const q = queue();
  const once = () => q.add('heavy', {}, { deduplication: { id: 'same', ttl: 60e3 } });
  await once();
  await ours.complete(await ours.takeOne());
  assert.equal((await once()).id, '1');
});
