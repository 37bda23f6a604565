// Jobs that our script adds are jobs to the real classes.
import assert from 'node:assert/strict';
import test from 'node:test';
import { FlowProducer } from 'bullmq';
import { bed } from './bed.mjs';
import { closeAtEnd, connection, redis, until, within } from './server.mjs';

test('a real Worker runs jobs of a batch, and sees name, data and opts', async () => {
  const { ours, queue, events, worker } = bed();
  const seen = [];
  const q = queue();
  const listening = await events();
  const ids = await ours.add([{ n: 1 }, { n: 2 }, { n: 3 }], { opts: { attempts: 2 } });
  assert.deepEqual(ids, ['1', '2', '3']);
  worker(async (job) => {
    seen.push([job.id, job.name, job.data.n, job.opts.attempts]);
    return { count: job.data.n };
  });
  for (const id of ids) {
    const job = await q.getJob(id);
    assert.deepEqual(await within(job.waitUntilFinished(listening), `job ${id}`), {
      count: Number(id),
    });
  }
  assert.deepEqual(
    seen,
    ids.map((id) => [id, 'heavy', Number(id), 2]),
  );
});

test('a real Worker that sleeps is woken at once', async () => {
  const { ours, worker, asleep } = bed();
  const ran = [];
  worker(async (job) => ran.push([job.data.n, Date.now()]), { drainDelay: 60 });
  await asleep();
  const before = Date.now();
  await ours.add({ n: 7 });
  await until('it ran', () => ran.length);
  assert.ok(ran[0][1] - before < 5000, `woken after ${ran[0][1] - before} ms`);
});

test('the hash is what the library itself writes', async () => {
  const { ours, queue } = bed();
  const theirs = await queue().add('heavy', { n: 5 }, { timestamp: 1700000000000 });
  const [id] = await ours.add(
    { n: 5 },
    { opts: JSON.parse((await ours.hash(theirs.id)).opts), now: 1700000000000 },
  );
  assert.deepEqual(Object.entries(await ours.hash(id)), Object.entries(await ours.hash(theirs.id)));
});

test('ids go on where the library stopped, and the other way round', async () => {
  const { ours, queue } = bed();
  const q = queue();
  assert.equal((await q.add('heavy', {})).id, '1');
  assert.deepEqual(await ours.add([{}, {}]), ['2', '3']);
  assert.equal((await q.add('heavy', {})).id, '4');
});

test('getJobCounts and getJobState see ours', async () => {
  const { ours, queue } = bed();
  const q = queue();
  await ours.add([{}, {}, {}, {}, {}], { opts: { attempts: 3 } });
  const { jobs } = await ours.take(4);
  await ours.complete(jobs[0], 1);
  await ours.fail(jobs[1], 'broken');
  await ours.retry(jobs[2], 'again', 60e3);
  const states = { 1: 'completed', 2: 'failed', 3: 'delayed', 4: 'active', 5: 'waiting' };
  for (const [id, state] of Object.entries(states)) {
    assert.equal(await q.getJobState(id), state);
    assert.equal((await ours.find(id)).state, state);
  }
  assert.deepEqual(
    { ...(await q.getJobCounts(...Object.values(states))) },
    {
      waiting: 1,
      delayed: 1,
      active: 1,
      completed: 1,
      failed: 1,
    },
  );
  assert.deepEqual(await ours.counts(), {
    waiting: 1,
    delayed: 1,
    active: 1,
    completed: 1,
    failed: 1,
  });
});

test('the reply of an add counts its jobs', async () => {
  const { ours, queue } = bed();
  await queue().add('heavy', {}, { delay: 60e3 });
  await queue().add('heavy', {}, { priority: 3 });
  const reply = await redis.our_add(ours.meta, Date.now(), 'heavy', '{}', '{}', '{}');
  assert.deepEqual(reply, [3, 3, 1, 0, 0, 0, 0]);
});

test('a parent that waits for its children is no ended job', async () => {
  const { name, ours } = bed();
  const flow = closeAtEnd(new FlowProducer({ connection }));
  await flow.add({
    name: 'parent',
    queueName: name,
    children: [{ name: 'child', queueName: name }],
  });
  await ours.add({});
  assert.deepEqual(await ours.counts(), {
    waiting: 2,
    delayed: 0,
    active: 0,
    completed: 0,
    failed: 0,
  });
});

test('a batch of more jobs than a command takes arguments', async () => {
  const { ours, queue } = bed();
  const ids = await ours.add(Array.from({ length: 12345 }, (_, n) => ({ n })));
  assert.equal(new Set(ids).size, 12345);
  assert.equal(await queue().getWaitingCount(), 12345);
  assert.deepEqual(await redis.lrange(ours.key('wait'), -2, -1), ['2', '1']);
  assert.equal((await ours.hash('12345')).data, '{"n":12344}');
});

test('a payload of 1 MB comes through whole, both ways', async () => {
  const { ours, queue, worker } = bed();
  const text = 'é'.repeat(2 ** 19);
  const [id] = await ours.add({ text });
  const q = queue();
  worker(async (job) => job.data.text.length);
  await until('it ran', async () => (await q.getJobState(id)) === 'completed');
  assert.equal((await q.getJob(id)).returnvalue, 2 ** 19);
  const other = bed();
  await other.queue().add('heavy', { text });
  const job = await other.ours.takeOne();
  assert.equal(JSON.parse(job.data).text, text);
  await other.ours.complete(job, { text });
  assert.equal((await other.queue().getJob(job.id)).returnvalue.text, text);
});

test('a paused queue gets no marker; resuming starts it', async () => {
  const { ours, queue, worker } = bed();
  const q = queue();
  await q.pause();
  await ours.add({});
  assert.equal(await redis.exists(ours.key('marker')), 0);
  const ran = [];
  worker(async (job) => ran.push(job.id), { drainDelay: 60 });
  assert.equal((await q.getJobCounts('waiting', 'paused')).waiting, 1);
  await q.resume();
  await until('it ran', () => ran.length);
});

test('a key of the wrong type refuses the whole batch', async () => {
  for (const name of [
    'wait',
    'marker',
    'active',
    'meta',
    'id',
    'events',
    'prioritized',
    'delayed',
  ]) {
    const { ours } = bed();
    await redis.zadd(ours.key(name), 1, 'x');
    if (['prioritized', 'delayed', 'marker'].includes(name)) {
      await redis.del(ours.key(name));
      await redis.set(ours.key(name), 'x');
    }
    await assert.rejects(ours.add([{}, {}]), /WRONGTYPE/, name);
    assert.deepEqual(await redis.keys(ours.key('*')), [ours.key(name)], name);
  }
});
