// bench-worker and real Workers beside each other: each job is run, by one of them, and what one
// leaves behind another takes over.
import assert from 'node:assert/strict';
import test from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { FlowProducer } from 'bullmq';
import { bed, stateIs } from '../bed.mjs';
import { startGateway, startWorker } from '../programs.mjs';
import { closeAtEnd, connection, until } from '../server.mjs';

const SHORT = ['--job-lease', '500ms', '--stalled-interval', '200ms'];
const FOREIGN = /flow.*scheduler/;

// ---- jobs that only the library can end ----

test('a flow and a scheduler are left to a real Worker; what is behind them is run', async () => {
  const b = bed();
  const q = b.queue();
  await q.pause();
  const flow = closeAtEnd(new FlowProducer({ connection }));
  const child = (jobId) => ({ name: 'child', queueName: b.name, data: {}, opts: { jobId } });
  await flow.add({
    name: 'parent',
    queueName: b.name,
    data: {},
    opts: { jobId: 'parent' },
    children: [child('c1'), child('c2')],
  });
  await q.upsertJobScheduler('every', { every: 3600e3 }, { name: 'tick' });
  const behind = await q.add('heavy', { n: 5 });
  const worker = await startWorker(b);
  await q.resume();
  assert.deepEqual((await stateIs(q, behind.id, 'completed')).returnvalue, { count: 5 });
  await until('it is told', () => FOREIGN.test(worker.stderr));
  const waiting = (await q.getWaiting()).map((job) => job.name).sort();
  assert.deepEqual(waiting, ['child', 'child', 'tick']);
  assert.equal((await worker.stats()).worker.taken, 1);
  const ran = [];
  b.worker(async (job) => ran.push(job.name));
  await stateIs(q, 'parent', 'completed');
  await until('the scheduler went on', async () => ran.includes('tick'));
  assert.deepEqual(ran.filter((name) => name !== 'parent').sort(), ['child', 'child', 'tick']);
  assert.equal(worker.stderr.trim().split('\n').length, 1);
});

// ---- locks ----

test('a job that runs three times as long as its lock is not taken away', async () => {
  const b = bed();
  const q = b.queue();
  const worker = await startWorker(b, ...SHORT, '--work', 'sleep:1500ms');
  const { id } = await q.add('heavy', {});
  await stateIs(q, id, 'active');
  b.worker(async () => assert.fail('it was ours'), { stalledInterval: 200 });
  const job = await stateIs(q, id, 'completed');
  assert.deepEqual(job.returnvalue, { slept_ms: 1500 });
  assert.deepEqual([job.attemptsStarted, job.attemptsMade, job.stalledCounter], [1, 1, 0]);
  assert.equal((await worker.stats()).worker.lost, 0);
});

test('a job of a worker that hangs is taken over, and its late end is dropped', async () => {
  const b = bed();
  const q = b.queue();
  // All of it is busy: what hangs and waits for the marker would also swallow that.
  const worker = await startWorker(b, ...SHORT, '--concurrency', '1');
  const { id } = await q.add('heavy', { sleep_ms: 200 });
  await stateIs(q, id, 'active');
  worker.process.kill('SIGSTOP');
  let open;
  const opened = new Promise((resolve) => (open = resolve));
  b.worker(() => opened, { stalledInterval: 200 });
  await until('it is theirs', async () => (await q.getJob(id)).attemptsStarted === 2);
  worker.process.kill('SIGCONT');
  await until('the late end', async () => (await worker.stats()).worker.lost === 1);
  assert.equal(await q.getJobState(id), 'active');
  open('theirs');
  const job = await stateIs(q, id, 'completed');
  assert.equal(job.returnvalue, 'theirs');
  assert.deepEqual([job.attemptsMade, job.attemptsStarted, job.stalledCounter], [1, 2, 1]);
});

test('a worker that is stopped gives back what it has not ended', async () => {
  const b = bed();
  const q = b.queue();
  const worker = await startWorker(b, '--grace', '0', '--concurrency', '2');
  const data = { sleep_ms: 60e3 };
  await q.addBulk(Array.from({ length: 3 }, () => ({ name: 'heavy', data })));
  await until('two are run', async () => (await q.getActiveCount()) === 2);
  await worker.end();
  assert.deepEqual({ ...(await q.getJobCounts('active', 'waiting')) }, { active: 0, waiting: 3 });
  const ran = [];
  b.worker(async (job) => ran.push([job.id, job.attemptsMade, job.stalledCounter]));
  await until('they ended', () => ran.length === 3);
  assert.deepEqual(ran.sort(), [
    ['1', 0, 0],
    ['2', 0, 0],
    ['3', 0, 0],
  ]);
});

// ---- a queue that all share ----

const SHARE = 1000; // jobs of the gateway, and as many of the library

// Jobs with this data, from the gateway and from Queue.add at once; all their ids.
async function addFromBothSides(gateway, q, data) {
  const ids = [];
  const posts = Array.from({ length: 8 }, async () => {
    for (let i = 0; i < SHARE / 8; i++) ids.push(await gateway.add(data));
  });
  const adds = Array.from({ length: 8 }, async () => {
    for (let i = 0; i < SHARE / 8; i++) ids.push((await q.add('heavy', data)).id);
  });
  await Promise.all([...posts, ...adds]);
  assert.equal(new Set(ids).size, 2 * SHARE);
  return ids;
}

// How often each job was told to have completed, in the queue's own history.
async function completions({ ours }) {
  const times = new Map();
  for (const { event, jobId } of await ours.events())
    if (event === 'completed') times.set(jobId, (times.get(jobId) ?? 0) + 1);
  return times;
}

// Nothing was lost, nothing was ended twice.
async function eachOnce(b, q, ids) {
  const times = await completions(b);
  assert.deepEqual([...times.keys()].sort(), [...ids].sort());
  assert.deepEqual([...new Set(times.values())], [1]);
  const jobs = await q.getCompleted(0, -1);
  assert.equal(jobs.length, ids.length);
  assert.deepEqual([...new Set(jobs.map((job) => job.attemptsMade))], [1]);
  return jobs;
}

async function sharedBed() {
  const b = bed();
  const q = b.queue({ streams: { events: { maxLen: 100e3 } } });
  await q.waitUntilReady();
  return { b, q, gateway: await startGateway(b) };
}

test('2,000 jobs of both sides, two of our workers and two real ones: each once', async () => {
  const { b, q, gateway } = await sharedBed();
  const programs = [await startWorker(b), await startWorker(b)];
  const ran = [0, 0];
  for (const i of [0, 1])
    b.worker(
      async ({ data }) => {
        ran[i]++;
        await pause(data.sleep_ms);
      },
      { concurrency: 2 },
    );
  const ids = await addFromBothSides(gateway, q, { sleep_ms: 1 });
  await until('all ended', async () => (await q.getCompletedCount()) === ids.length);
  const jobs = await eachOnce(b, q, ids);
  assert.ok(jobs.every((job) => job.attemptsStarted === 1));
  for (const program of programs) ran.push((await program.stats()).worker.completed);
  assert.ok(
    ran.every((count) => count > 0),
    String(ran),
  );
  assert.equal(
    ran.reduce((a, c) => a + c),
    ids.length,
  );
  await until('the counts', async () => {
    const { accepted, completed, waiting, active } = (await gateway.stats()).queue;
    return completed === ids.length && accepted === SHARE && waiting + active === 0;
  });
});

test('the same while one of ours is killed and a real one is closed by force', async () => {
  const { b, q, gateway } = await sharedBed();
  const ours = ['--job-lease', '2s', '--stalled-interval', '300ms'];
  const victim = await startWorker(b, ...ours);
  const left = [await q.add('heavy', { sleep_ms: 60e3 })];
  await stateIs(q, left[0].id, 'active');
  await left[0].updateData({ sleep_ms: 4 }); // for the worker that takes it over
  await startWorker(b, ...ours);

  const ran = new Set();
  const work = async ({ id, data }) => {
    ran.add(id);
    await pause(data.sleep_ms);
  };
  const never = new Promise(() => {});
  const hold = async (job) => {
    if (left.length < 2) left.push(job);
    return left[1] === job ? never : work(job);
  };
  const options = { lockDuration: 2000, stalledInterval: 300, concurrency: 2 };
  const [theirs] = [hold, work].map((run) => b.worker(run, options));
  const adding = addFromBothSides(gateway, q, { sleep_ms: 4 });
  await until('a part ended', async () => (await q.getCompletedCount()) > 300);
  await until('one is held', () => left.length === 2);
  await Promise.all([victim.kill(), theirs.close(true)]);
  const ids = [left[0].id, ...(await adding)];
  await until('all ended', async () => (await q.getCompletedCount()) === ids.length);
  const jobs = await eachOnce(b, q, ids);
  const stalled = jobs.filter((job) => job.stalledCounter > 0);
  for (const { id } of left)
    assert.ok(stalled.some((job) => job.id === id), `${id} was left behind`);
  assert.ok(stalled.every((job) => job.attemptsStarted === 2 && job.stalledCounter === 1));
  assert.ok(ran.size > 0 && ran.size < ids.length);
});
