// Trouble: foreign data, no memory, keys that are something else.
import assert from 'node:assert/strict';
import test from 'node:test';
import { bed } from './bed.mjs';
import { ourWorker } from './ours.mjs';
import { closeAtEnd, redis, until } from './server.mjs';

// As a client that knows no better would add it.
async function addByHand(ours, id, data) {
  await redis.hset(
    ours.key(id),
    'name',
    'heavy',
    'data',
    data,
    'opts',
    '{}',
    'timestamp',
    1,
    'delay',
    0,
    'priority',
    0,
  );
  await redis.lpush(ours.key('wait'), id);
}

test('data that is no JSON, or no object, fails with the reason; listeners live on', async () => {
  const { ours, queue, events } = bed();
  const q = queue();
  const listening = await events();
  const failed = [];
  listening.on('failed', ({ jobId, failedReason }) => failed.push([jobId, failedReason]));
  await addByHand(ours, 'bad', '{n: oops');
  await addByHand(ours, 'number', '5');
  await redis.hset(ours.key('bare'), 'name', 'heavy');
  await redis.lpush(ours.key('wait'), 'bare');
  closeAtEnd(
    ourWorker(ours, async (job) => {
      const data = JSON.parse(job.data ?? '');
      if (typeof data !== 'object') throw new Error(`the data are no object: ${job.data}`);
      return 1;
    }),
  );
  await until('all failed', () => failed.length === 3);
  assert.deepEqual(
    failed.map(([id]) => id),
    ['bad', 'number', 'bare'],
  );
  assert.match(failed[0][1], /JSON/);
  assert.equal(failed[1][1], 'the data are no object: 5');
  assert.deepEqual(
    { ...(await q.getJobCounts('failed', 'active', 'waiting')) },
    { failed: 3, active: 0, waiting: 0 },
  );
  const job = await q.add('heavy', {});
  assert.equal(await job.waitUntilFinished(listening, 10e3), 1);
});

test('opts that are no JSON do no harm', async () => {
  const { ours } = bed();
  await addByHand(ours, 'x', '{}');
  await redis.hset(ours.key('x'), 'opts', '{oops', 'stacktrace', 'oops');
  await ours.retry(await ours.takeOne(), 'again');
  await redis.hset(ours.key('x'), 'opts', '{}');
  await ours.fail(await ours.takeOne(), 'broken');
  assert.deepEqual(JSON.parse((await ours.hash('x')).stacktrace), ['again', 'broken']);
});

test('a reason with quotes, lines and slashes is the text that it was', async () => {
  const { ours, queue } = bed();
  const reason = 'line 1\nline "2"\t\\ / é \u0001';
  await ours.add({});
  await ours.fail(await ours.takeOne(), reason);
  const job = await queue().getJob('1');
  assert.equal(job.failedReason, reason);
  assert.deepEqual(job.stacktrace, [reason]);
});

test('without memory adding is refused as a whole, and everything else goes on', async () => {
  const { ours, queue } = bed();
  const q = queue();
  await ours.add([{}, {}, {}, {}, {}], { opts: { attempts: 3 } });
  await q.add('heavy', {}, { jobId: 'later', delay: 1000, timestamp: 1 });
  await redis.zadd(ours.key('delayed'), 4096, 'later');
  const keys = (await redis.keys(ours.key('*'))).sort();
  await redis.config('SET', 'maxmemory', 1);
  try {
    await assert.rejects(ours.add([{}, {}]), /OOM/);
    assert.deepEqual((await redis.keys(ours.key('*'))).sort(), keys);
    assert.equal(await redis.get(ours.key('id')), '6');
    const { jobs } = await ours.take(6);
    assert.equal(jobs.length, 6);
    assert.deepEqual(await ours.renew(jobs, 50e3), []);
    assert.deepEqual(await ours.sweep({ interval: 1 }), []);
    assert.equal(await ours.release([jobs[5]]), 1);
    await ours.complete(jobs[0], 'stored');
    await ours.fail(jobs[1], 'stored');
    await ours.retry(jobs[2], 'stored');
    await ours.retry(jobs[3], 'stored', 60e3);
    await redis.del(ours.key(`${jobs[4].id}:lock`));
    await until('the sweep', async () => (await ours.sweep({ interval: 1 })).length);
    assert.equal((await ours.counts()).completed, 1);
    assert.equal((await ours.find(jobs[0].id)).returnvalue, '"stored"');
  } finally {
    await redis.config('SET', 'maxmemory', 0);
  }
  assert.deepEqual(await ours.add({}), ['7']);
});

test('a key of the wrong type refuses a take, an end, a release and a sweep as a whole', async () => {
  for (const name of [
    'wait',
    'active',
    'prioritized',
    'delayed',
    'completed',
    'failed',
    'events',
    'stalled',
    'marker',
  ]) {
    const { ours } = bed();
    await ours.add([{}, {}, {}], { opts: { attempts: 2 } });
    const job = await ours.takeOne();
    await redis.set(ours.key(name), 'x');
    const before = await snapshot(ours);
    const end = [{ job, what: 'completed', text: '1' }];
    for (const ask of [
      () => ours.take(2),
      () => ours.finish(end),
      () => ours.release([job]),
      () => ours.sweep(),
      () => ours.renew([job]),
      () => ours.counts(),
    ])
      await assert.rejects(ask(), /WRONGTYPE/, name);
    assert.deepEqual(await snapshot(ours), before, name);
  }
});

// Times to live do not count: they pass.
async function snapshot(ours) {
  const keys = (await redis.keys(ours.key('*'))).sort();
  return Promise.all(keys.map(async (key) => [key, (await redis.dumpBuffer(key)).toString('hex')]));
}

test('a job whose key is something else is no job', async () => {
  const { ours } = bed();
  await ours.add([{}, {}]);
  const { jobs } = await ours.take(2);
  await redis.set(ours.key(jobs[0].id), 'x');
  const ends = jobs.map((job) => ({ job, what: 'completed', text: '1' }));
  assert.deepEqual(await ours.finish(ends), [-1, 0]);
});

test('one asks for any id', async () => {
  const { ours, queue } = bed();
  await queue().add('heavy', {}, { jobId: 'p', priority: 1 });
  await ours.add({ n: 1 }, { opts: { attempts: 2 } });
  for (const id of ['99', '', 'wait', 'meta', 'events', 'id', 'prioritized', 'p:lock', '*', 'é'])
    assert.equal(await ours.find(id), null, id);
  assert.equal((await ours.find('p')).state, 'prioritized');
  const { state, data, opts, atm, returnvalue } = await ours.find('2');
  assert.deepEqual(
    [state, data, opts, atm, returnvalue],
    ['waiting', '{"n":1}', '{"attempts":2}', null, null],
  );
});

test('an empty queue', async () => {
  const { ours } = bed();
  assert.deepEqual(await ours.counts(), {
    waiting: 0,
    delayed: 0,
    active: 0,
    completed: 0,
    failed: 0,
  });
  assert.deepEqual(await ours.take(5), { why: 'empty', ms: -1, jobs: [] });
  assert.deepEqual(await ours.sweep(), []);
  assert.deepEqual(await redis.keys(ours.key('*')), [ours.key('stalled-check')]);
});
