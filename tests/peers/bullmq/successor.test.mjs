// What else the end of a job starts or forbids: a job that a deduplication key held back, children
// that have not ended, a job that was removed meanwhile. We do as a real Worker does.
import assert from 'node:assert/strict';
import test from 'node:test';
import { bed, stateIs } from './bed.mjs';
import { ourWorker } from './ours.mjs';
import { closeAtEnd, redis, until } from './server.mjs';

const KEEP_LAST = { id: 'd', keepLastIfActive: true };

// A worker of ours or a real one whose job waits until `go` is called, and may fail then.
function slowWorker({ ours, worker }, theirs) {
  const ran = [];
  let go;
  const gate = new Promise((resolve) => (go = resolve));
  const run = async (job) => {
    ran.push(job.name);
    await gate;
    if (job.name === 'broken') throw new Error('broken');
    return job.name;
  };
  const started = theirs ? worker(run) : closeAtEnd(ourWorker(ours, run, { most: 1 }));
  return { ran, go, close: () => started.close() };
}

// ---- deduplication ----

const heldBack = {
  'a plain job': {},
  'a job with an id of its own': { jobId: 'mine' },
  'a job with a time to live of its key': { ttl: 60e3 },
  'a prioritized job': { priority: 3 },
  'a delayed job': { delay: 50 },
  'a job that comes first': { lifo: true },
};
for (const [what, { ttl, ...opts }] of Object.entries(heldBack))
  for (const first of ['a', 'broken'])
    test(`${what} that was held back runs after ${first}, as with a real Worker`, async () => {
      const left = [];
      for (const theirs of [false, true]) {
        const { queue, ours, ...rest } = bed();
        const q = queue();
        const w = slowWorker({ ours, ...rest }, theirs);
        await q.add(first, {}, { deduplication: { id: 'd' } });
        await until('it runs', () => w.ran.length === 1);
        for (const name of ['dropped', 'b'])
          await q.add(name, { n: 5 }, { ...opts, deduplication: { ...KEEP_LAST, ttl } });
        w.go();
        const completed = first === 'a' ? 2 : 1;
        await until('the next ended', async () => (await q.getCompletedCount()) === completed);
        await until('it is the end', async () => (await q.getActiveCount()) === 0);
        assert.deepEqual(w.ran, [first, 'b']);
        const [job] = await q.getCompleted(0, 0);
        assert.deepEqual(await redis.keys(ours.key('d[en]:*')), []);
        const { name, data, opts: kept, deduplicationId, attemptsMade } = job;
        left.push({ id: job.id, name, data, kept, deduplicationId, attemptsMade });
        await w.close();
      }
      assert.deepEqual(left[0], left[1]);
    });

test('one that is tried again holds back its successor', async () => {
  const { ours, queue } = bed();
  const q = queue();
  await q.add('a', {}, { attempts: 2, deduplication: { id: 'd' } });
  const job = await ours.takeOne();
  await q.add('b', {}, { deduplication: KEEP_LAST });
  await ours.retry(job, 'not yet');
  const again = await ours.takeOne();
  assert.equal(again.name, 'a');
  await ours.complete({ ...again, deid: 'd' });
  assert.equal((await ours.takeOne()).name, 'b');
});

test('one that cannot be stored stays held back, and harms no other job of the batch', async () => {
  const { ours } = bed();
  await ours.add([{}, {}, {}]);
  const { jobs } = await ours.take(3);
  await redis.set(ours.key('text'), '');
  const held = ['name', 'b', 'data', '{}', 'opts', '{}', 'jid'];
  await redis.hset(ours.key('dn:d'), ...held, 'b', 'pdk', ours.key('text'));
  await redis.hset(ours.key('dn:e'), ...held, 'text');
  const ends = ['d', 'e', ''].map((deid, i) => ({
    job: { ...jobs[i], deid },
    what: 'completed',
    text: '1',
  }));
  assert.deepEqual(await ours.finish(ends), [0, 0, 0]);
  assert.equal(await redis.exists(ours.key('active')), 0);
  assert.equal(await redis.exists(ours.key('dn:d'), ours.key('de:e')), 0);
  assert.equal(await redis.exists(ours.key('dn:e'), ours.key('de:d')), 2);
  assert.deepEqual(
    (await ours.take(2)).jobs.map(({ id }) => id),
    ['b'],
  );
  assert.equal(await redis.hget(ours.meta, 'bench.missing'), null);
});

// ---- children ----

async function addChild({ name, queue }, parent) {
  const q = queue();
  const key = `bull:${name}`;
  return q.add('child', {}, { jobId: 'child', delay: 600e3, parent: { id: parent, queue: key } });
}

for (const attempts of [1, 2])
  test(`a late child makes a job of ${attempts} attempts fail, as with a real Worker`, async () => {
    const left = [];
    for (const theirs of [false, true]) {
      const it = bed();
      const q = it.queue();
      await q.add('parent', {}, { jobId: 'parent', attempts, backoff: 600e3 });
      const state = attempts === 1 ? 'failed' : 'delayed';
      if (theirs) {
        await addChild(it, 'parent');
        it.worker(async () => 1);
      } else {
        const job = await it.ours.takeOne();
        await addChild(it, 'parent');
        const end = { job, what: 'completed', text: '1' };
        assert.deepEqual(await it.ours.finish([end]), [-4]);
        assert.equal(await redis.get(it.ours.key('parent:lock')), job.token);
        if (attempts === 1) await it.ours.fail(job, 'no');
        else await it.ours.retry(job, 'no', 600e3);
      }
      const job = await stateIs(q, 'parent', state);
      left.push([job.attemptsMade, await q.getJobState('child')]);
    }
    assert.deepEqual(left[0], left[1]);
  });

test('a job with a child that failed is not completed', async () => {
  const { ours, queue } = bed();
  await queue().add('parent', {}, { jobId: 'parent' });
  await ours.add({});
  const { jobs } = await ours.take(2);
  await redis.zadd(ours.key('parent:unsuccessful'), 1, 'bull:other:1');
  const ends = jobs.map((job) => ({ job, what: 'completed', text: '1' }));
  assert.deepEqual(await ours.finish(ends), [-9, 0]);
});

// ---- removal ----

const removals = {
  'at its end': (ours, job) => ours.finish([{ job, what: 'completed', text: '1' }]),
  'at its renewal': (ours, job) => ours.renew([job]),
  'at a sweep': async (ours) => {
    await ours.sweep({ interval: 1 });
    await until('the interval ended', async () => !(await redis.exists(ours.key('stalled-check'))));
    await ours.sweep({ interval: 1 });
  },
};
for (const [when, act] of Object.entries(removals))
  test(`a job that was removed while it ran is not active any more ${when}`, async () => {
    const { ours } = bed();
    await ours.add([{}, {}]);
    const { jobs } = await ours.take(2);
    await redis.del(ours.key('1'));
    await act(ours, jobs[0]);
    assert.deepEqual(await redis.lrange(ours.key('active'), 0, -1), ['2']);
    assert.equal(await redis.exists(ours.key('1:lock'), ours.key('1')), 0);
    assert.equal(await redis.sismember(ours.key('stalled'), '1'), 0);
  });
