// Our worker and real Workers share a queue: nothing is lost, nothing is done twice, and each takes
// over what the other left behind.
import assert from 'node:assert/strict';
import test from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { bed } from './bed.mjs';
import { ourWorker } from './ours.mjs';
import { closeAtEnd, redis, until } from './server.mjs';

const expire = (ours, job) => redis.del(ours.key(`${job.id}:lock`));

// A job in the hands of a real Worker that does nothing with it and does not renew its lock.
async function theirJob(worker) {
  const w = worker(null, { autorun: false, skipLockRenewal: true });
  return w.getNextJob('their token');
}

test('200 jobs of both sides, worked off by both: none lost, none twice', async () => {
  const { ours, queue, worker } = bed();
  const q = queue();
  await q.pause();
  await q.addBulk(Array.from({ length: 100 }, (_, n) => ({ name: 'heavy', data: { n } })));
  await ours.add(
    Array.from({ length: 100 }, (_, n) => ({ n: 100 + n })),
    { opts: { attempts: 1 } },
  );
  const runs = { ours: [], theirs: [] };
  const run = async (who, n) => {
    await turn();
    runs[who].push(n);
    if (n % 20 === 7) throw new Error('by chance');
    return { n };
  };
  const mine = closeAtEnd(
    ourWorker(ours, (job) => run('ours', JSON.parse(job.data).n), { most: 3 }),
  );
  worker((job) => run('theirs', job.data.n), { concurrency: 2 });
  await q.resume();
  await until('all ended', async () => {
    const { completed, failed } = await q.getJobCounts('completed', 'failed');
    return completed + failed === 200;
  });
  const all = [...runs.ours, ...runs.theirs].sort((a, b) => a - b);
  assert.deepEqual(
    all,
    Array.from({ length: 200 }, (_, n) => n),
  );
  assert.ok(runs.ours.length > 0 && runs.theirs.length > 0, `${runs.ours.length} were ours`);
  assert.deepEqual(await ours.counts(), {
    waiting: 0,
    delayed: 0,
    active: 0,
    completed: 190,
    failed: 10,
  });
  assert.deepEqual(
    { ...(await q.getJobCounts('completed', 'failed')) },
    { completed: 190, failed: 10 },
  );
  for (const job of await q.getCompleted(0, 200)) assert.deepEqual(job.returnvalue, job.data);
  await mine.close();
});

test('two of our workers share 300 jobs', async () => {
  const { ours } = bed();
  const runs = [];
  const work = async (job) => {
    await turn();
    runs.push(job.id);
  };
  const workers = [1, 2].map(() => closeAtEnd(ourWorker(ours, work)));
  const ids = await ours.add(Array.from({ length: 300 }, () => ({})));
  await until('all ended', async () => (await ours.counts()).completed === 300);
  assert.deepEqual(runs.sort(), ids.sort());
  for (const w of workers) await w.close();
});

// ---- stalled ----

test('a real Worker takes over a job of ours whose lock ended; our late end is dropped', async () => {
  const { ours, queue, worker } = bed();
  await ours.add({}, { opts: { attempts: 1 } });
  const job = await ours.takeOne({ lock: 50 });
  const ran = [];
  worker(
    async (theirs) => {
      ran.push([theirs.attemptsStarted, theirs.stalledCounter]);
      assert.deepEqual(await ours.finish([{ job, what: 'completed', text: '"late"' }]), [-6]);
      return 'theirs';
    },
    { stalledInterval: 100 },
  );
  await until('it completed', async () => (await queue().getJobState(job.id)) === 'completed');
  assert.deepEqual(ran, [[2, 1]]);
  assert.deepEqual(await ours.finish([{ job, what: 'completed', text: '"late"' }]), [-2]);
  assert.equal((await ours.find(job.id)).returnvalue, '"theirs"');
});

test('our sweep takes a job over from a real Worker; its late end is dropped', async () => {
  const { ours, queue, worker, events } = bed();
  const listening = await events();
  const stalled = [];
  listening.on('stalled', ({ jobId }) => stalled.push(jobId));
  await queue().add('heavy', {});
  const theirs = await theirJob(worker);
  assert.deepEqual(await ours.sweep({ interval: 1 }), []);
  await expire(ours, theirs);
  const again = () => ours.sweep({ interval: 1 });
  assert.deepEqual(
    await until('it is found', async () => {
      const found = await again();
      return found.length > 0 && found;
    }),
    ['1'],
  );
  const job = await ours.takeOne();
  await assert.rejects(theirs.moveToCompleted('late', 'their token', false), /lock/i);
  await ours.complete(job, 'ours');
  assert.equal((await queue().getJob('1')).returnvalue, 'ours');
  const { stc, ats } = await ours.hash('1');
  assert.deepEqual([stc, ats], ['1', '2']);
  await until('the event', () => stalled.length);
});

test('a job that stalls too often is failed by who takes it: by us and by a real Worker', async () => {
  for (const theirs of [false, true]) {
    const { ours, queue, worker } = bed();
    await ours.add({}, { opts: { attempts: 5 } });
    const taken = await ours.takeOne();
    await ours.sweep({ interval: 1 });
    await expire(ours, taken);
    await until(
      'it is found',
      async () => (await ours.sweep({ interval: 1, most: 0, reason: 'gave up' })).length,
    );
    const ran = [];
    const run = async () => ran.push(1);
    const w = theirs ? worker(run) : closeAtEnd(ourWorker(ours, run));
    await until('it failed', async () => (await queue().getJobState('1')) === 'failed');
    assert.equal((await ours.find('1')).failedReason, 'gave up');
    assert.deepEqual([ran, (await ours.hash('1')).defa], [[], undefined]);
    await w.close();
  }
});

// Their limit is stored nowhere, and there is none for jobs of a scheduler.
test('our sweep does not fail jobs that stall in the hands of real Workers', async () => {
  const { ours, queue, worker } = bed();
  const q = queue();
  await q.upsertJobScheduler('every', { every: 600e3 }, { name: 'tick' });
  await q.add('heavy', {});
  const w = worker(null, { autorun: false, skipLockRenewal: true, maxStalledCount: 9 });
  for (let stalls = 1; stalls <= 3; stalls++) {
    const jobs = [await w.getNextJob(`${stalls}`), await w.getNextJob(`${stalls}`)];
    await ours.sweep({ interval: 1 });
    for (const job of jobs) await expire(ours, job);
    await until('both are found', async () => (await ours.sweep({ interval: 1 })).length === 2);
    for (const job of jobs) {
      const { stc, defa } = await ours.hash(job.id);
      assert.deepEqual([stc, defa], [String(stalls), undefined], job.id);
    }
  }
  const mine = await ours.takeOne(); // the scheduler's is left to the library
  await ours.sweep({ interval: 1 });
  await expire(ours, mine);
  await until('it is found', async () => (await ours.sweep({ interval: 1 })).length);
  assert.equal((await ours.hash(mine.id)).defa, 'stalled too often');
});

test('a job that we released and a real Worker ran is not ours when it stalls', async () => {
  const { ours, worker, queue } = bed();
  await ours.add({});
  await ours.release([await ours.takeOne()]);
  const theirs = await theirJob(worker);
  assert.equal(await queue().getJobState(theirs.id), 'active');
  await ours.sweep({ interval: 1 });
  await expire(ours, theirs);
  await until('it is found', async () => (await ours.sweep({ interval: 1, most: 0 })).length);
  assert.equal((await ours.hash('1')).defa, undefined);
});

test('we fail what the sweep of a real Worker gave up', async () => {
  const { ours, queue, worker } = bed();
  await ours.add({});
  const job = await ours.takeOne({ lock: 50 });
  const w = worker(null, { autorun: false, stalledInterval: 100, maxStalledCount: 0 });
  await w.startStalledCheckTimer();
  const again = await until('it waits again', async () => (await ours.take(1)).jobs[0]);
  assert.equal(again.id, job.id);
  assert.match(again.defa, /stalled/);
  await ours.fail(again, again.defa);
  assert.equal(await queue().getJobState(job.id), 'failed');
});

test('a renewed lock keeps the job from both sweeps', async () => {
  const { ours, worker } = bed();
  await ours.add([{}, {}]);
  const { jobs } = await ours.take(2, { lock: 5000 });
  worker(async () => assert.fail('it was ours'), { stalledInterval: 100 });
  for (let i = 0; i < 5; i++) {
    assert.deepEqual(await ours.renew(jobs), []);
    await until('another sweep', async () => (await redis.scard(ours.key('stalled'))) === 2);
    assert.deepEqual(await ours.sweep({ interval: 100 }), []);
  }
  for (const job of jobs) await ours.complete(job);
});

test('renewing tells what is lost, and keeps the rest', async () => {
  const { ours } = bed();
  await ours.add([{}, {}, {}]);
  const { jobs } = await ours.take(3, { lock: 1000 });
  await expire(ours, jobs[0]);
  await redis.set(ours.key(`${jobs[1].id}:lock`), 'somebody else');
  await redis.sadd(ours.key('stalled'), ...jobs.map((job) => job.id));
  assert.deepEqual(await ours.renew(jobs, 60e3), [jobs[0].id, jobs[1].id]);
  assert.ok((await redis.pttl(ours.key(`${jobs[2].id}:lock`))) > 50e3);
  assert.equal(await redis.get(ours.key(`${jobs[1].id}:lock`)), 'somebody else');
  assert.equal(await redis.exists(ours.key(`${jobs[0].id}:lock`)), 0);
  assert.deepEqual((await redis.smembers(ours.key('stalled'))).sort(), [jobs[0].id, jobs[1].id]);
});

test('one sweep in an interval, whoever makes it', async () => {
  const { ours, worker } = bed();
  await ours.add({});
  const job = await ours.takeOne();
  await expire(ours, job);
  await redis.sadd(ours.key('stalled'), job.id);
  await worker(null, { autorun: false, stalledInterval: 60e3 }).waitUntilReady();
  await redis.set(ours.key('stalled-check'), 1, 'PX', 60e3);
  assert.deepEqual(await ours.sweep(), []);
  await redis.del(ours.key('stalled-check'));
  assert.deepEqual(await ours.sweep(), [job.id]);
  assert.ok((await redis.pttl(ours.key('stalled-check'))) > 20e3);
});

test('a sweep spares what is locked, forgets what has ended and suspects what is active', async () => {
  const { ours } = bed();
  await ours.add([{}, {}, {}]);
  const { jobs } = await ours.take(3);
  await redis.sadd(ours.key('stalled'), jobs[0].id, jobs[1].id, 'gone');
  await expire(ours, jobs[1]);
  assert.deepEqual(await ours.sweep(), [jobs[1].id]);
  assert.deepEqual(await redis.lrange(ours.key('active'), 0, -1), [jobs[2].id, jobs[0].id]);
  assert.deepEqual((await redis.smembers(ours.key('stalled'))).sort(), [jobs[0].id, jobs[2].id]);
});

test('what our sweep finds wakes a real Worker that sleeps', async () => {
  const { ours, worker, asleep } = bed();
  await ours.add({});
  await expire(ours, await ours.takeOne());
  const ran = [];
  worker(async (job) => ran.push(job.id), { drainDelay: 60, skipStalledCheck: true });
  await asleep();
  await redis.sadd(ours.key('stalled'), '1');
  await ours.sweep();
  await until('it ran', () => ran.length);
});
