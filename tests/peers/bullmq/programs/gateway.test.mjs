// bench-target puts jobs into a queue that real Workers work off, and tells what became of them.
import assert from 'node:assert/strict';
import test from 'node:test';
import { bed } from '../bed.mjs';
import { startGateway } from '../programs.mjs';
import { redis, until, within } from '../server.mjs';

// A real Worker's function that waits until the test lets it go on.
function gate(then = () => {}) {
  let open;
  const opened = new Promise((resolve) => (open = resolve));
  const run = async (job) => {
    await opened;
    return then(job);
  };
  return { open, run };
}

const stateIs = (gateway, id, state) =>
  until(`${id} is ${state}`, async () => {
    const job = await gateway.job(id);
    return job.state === state && job;
  });

test('a real Worker runs what was posted, and its result is shown', async () => {
  const b = bed();
  const gateway = await startGateway(b);
  const before = Date.now();
  const id = await gateway.add({ n: 5, who: 'é "me"', deep: [1, { a: null }] });
  const waiting = await gateway.job(id);
  assert.deepEqual(
    [waiting.state, waiting.attempts, waiting.attempts_max, waiting.started_unix_ms],
    ['waiting', 0, 3, null],
  );
  const seen = [];
  const { open, run } = gate((job) => {
    seen.push(job);
    return { count: job.data.n, by: 'them' };
  });
  b.worker(run);
  const active = await stateIs(gateway, id, 'active');
  assert.deepEqual([active.attempts, active.result, active.ended_unix_ms], [1, null, null]);
  open();
  const done = await stateIs(gateway, id, 'completed');
  assert.equal(seen[0].name, 'heavy');
  assert.deepEqual(seen[0].data, { n: 5, who: 'é "me"', deep: [1, { a: null }] });
  assert.deepEqual(done.data, seen[0].data);
  assert.deepEqual(done.result, { count: 5, by: 'them' });
  assert.deepEqual([done.attempts, done.error], [1, null]);
  const { added_unix_ms: added, started_unix_ms: started, ended_unix_ms: ended } = done;
  assert.ok(before <= added && added <= started && started <= ended && ended <= Date.now());
  const job = await b.queue().getJob(id);
  assert.deepEqual([job.timestamp, job.processedOn, job.finishedOn], [added, started, ended]);
});

test('what the request asks for is what a real Worker gets', async () => {
  const b = bed();
  const gateway = await startGateway(b);
  const q = b.queue();
  for (const [target, data, want] of [
    ['/heavy', undefined, { n: 1000 }],
    ['/heavy?n=7', undefined, { n: 7 }],
    ['/heavy?sleep_ms=2.5', undefined, { sleep_ms: 2.5 }],
    ['/heavy', {}, {}],
    ['/heavy', { mine: 1 }, { mine: 1 }],
    ['/heavy?n=8', { n: 9, mine: 1 }, { n: 8, mine: 1 }],
  ]) {
    const { body } = await gateway.ask(target, { data });
    assert.deepEqual((await q.getJob(body.id)).data, want, target);
  }
  for (const data of [[1], 5, 'text', null, { n: 'many' }])
    assert.equal((await gateway.ask('/heavy', { data })).status, 400, JSON.stringify(data));
  assert.equal(await q.getWaitingCount(), 6);
});

test('a real Worker tries a job of ours three times, each pause twice as long', async () => {
  const b = bed();
  const gateway = await startGateway(b, '--job-attempts', '3', '--job-backoff', '150ms');
  const id = await gateway.add({});
  const starts = [];
  b.worker(async () => {
    starts.push(Date.now());
    throw new Error(`broken the ${starts.length}. time`);
  });
  const delayed = await stateIs(gateway, id, 'delayed');
  assert.deepEqual(
    [delayed.attempts, delayed.error, delayed.ended_unix_ms],
    [1, 'broken the 1. time', null],
  );
  const failed = await stateIs(gateway, id, 'failed');
  assert.deepEqual(
    [failed.attempts, failed.attempts_max, failed.error, failed.result],
    [3, 3, 'broken the 3. time', null],
  );
  assert.equal(starts.length, 3);
  [150, 300].forEach((wait, i) => assert.ok(starts[i + 1] - starts[i] >= wait, String(starts)));
  await until('the count', async () => (await gateway.stats()).queue.failed === 1);
});

test('one attempt is one attempt', async () => {
  const b = bed();
  const gateway = await startGateway(b, '--job-attempts', '1');
  const id = await gateway.add({});
  b.worker(async () => {
    throw new Error('broken');
  });
  const failed = await stateIs(gateway, id, 'failed');
  assert.deepEqual([failed.attempts, failed.attempts_max, failed.error], [1, 1, 'broken']);
});

test('who waits for a job of ours is told its result, or why it failed', async () => {
  const b = bed();
  const gateway = await startGateway(b, '--job-attempts', '1');
  const listening = await b.events();
  const q = b.queue();
  const [good, bad] = [await gateway.add({ n: 5 }), await gateway.add({ n: 6 })];
  const ends = [good, bad].map(async (id) =>
    within((await q.getJob(id)).waitUntilFinished(listening), `job ${id} ends`),
  );
  const rejected = assert.rejects(ends[1], /it was 6/);
  b.worker(async ({ data }) => {
    if (data.n === 6) throw new Error('it was 6');
    return { count: data.n };
  });
  assert.deepEqual(await ends[0], { count: 5 });
  await rejected;
});

test('states and counts are those that the library sees', async () => {
  const b = bed();
  const gateway = await startGateway(b, '--job-attempts', '1');
  const q = b.queue();
  const { open, run } = gate();
  const ends = { n: 0 };
  const w = b.worker(async (job) => {
    if (job.data.bad) throw new Error('bad');
    if (job.data.held) return run(job);
    ends.n++;
  });
  const ids = {};
  ids.completed = await gateway.add({});
  ids.failed = await gateway.add({ bad: true });
  await stateIs(gateway, ids.failed, 'failed');
  ids.active = await gateway.add({ held: true });
  await stateIs(gateway, ids.active, 'active');
  ids.waiting = await gateway.add({});
  ids.delayed = (await q.add('later', {}, { delay: 60e3 })).id;
  ids.prioritized = (await q.add('important', {}, { priority: 3 })).id;
  for (const [state, id] of Object.entries(ids)) {
    assert.equal(await q.getJobState(id), state);
    assert.equal((await gateway.job(id)).state, state);
  }
  const states = ['waiting', 'prioritized', 'delayed', 'active', 'completed', 'failed'];
  const theirs = await q.getJobCounts(...states);
  assert.deepEqual(
    states.map((state) => theirs[state]),
    [1, 1, 1, 1, 1, 1],
  );
  const asTheirs = async () => {
    const { waiting, delayed, active, completed, failed, accepted } = (await gateway.stats()).queue;
    return (
      JSON.stringify([waiting, delayed, active, completed, failed, accepted]) === '[2,1,1,1,1,4]'
    );
  };
  await until('the counts', asTheirs);
  assert.equal((await gateway.stats()).queue_depth, 3);
  open();
  await until('all but one', async () => (await gateway.stats()).queue.completed === 4);
  await w.close();
  assert.equal(ends.n, 3);
});

test('a paused queue takes jobs, and they wait', async () => {
  const b = bed();
  const gateway = await startGateway(b);
  const q = b.queue();
  await q.pause();
  const id = await gateway.add({});
  assert.equal(await redis.exists(b.ours.key('marker')), 0);
  assert.equal((await gateway.job(id)).state, 'waiting');
  await until('the counts', async () => (await gateway.stats()).queue.waiting === 1);
  b.worker(async () => 1);
  await q.resume();
  assert.equal((await stateIs(gateway, id, 'completed')).result, 1);
});

test('a sleeping real Worker is woken by a request', async () => {
  const b = bed();
  const gateway = await startGateway(b);
  b.worker(async () => 1, { drainDelay: 60 });
  await b.asleep();
  await stateIs(gateway, await gateway.add({}), 'completed');
});

test('ended jobs that a real Worker does not keep are counted and not found', async () => {
  const b = bed();
  const gateway = await startGateway(b);
  const ids = [];
  for (let i = 0; i < 5; i++) ids.push(await gateway.add({}));
  b.worker(async () => 1, { removeOnComplete: { count: 0 } });
  await until('all ended', async () => (await gateway.stats()).queue.completed === 5);
  for (const id of ids) assert.equal((await gateway.ask(`/jobs/${id}`)).status, 404);
});

test('a failed job that is retried by hand waits again, and can be completed', async () => {
  const b = bed();
  const gateway = await startGateway(b, '--job-attempts', '1');
  const id = await gateway.add({});
  let broken = true;
  b.worker(async () => {
    if (broken) throw new Error('broken');
    return 'mended';
  });
  await stateIs(gateway, id, 'failed');
  broken = false;
  await (await b.queue().getJob(id)).retry('failed');
  const done = await stateIs(gateway, id, 'completed');
  assert.deepEqual([done.result, done.error, done.attempts], ['mended', null, 2]);
});

test('a job has the id that the library gave it, of any letters and any length', async () => {
  const b = bed();
  const gateway = await startGateway(b);
  const q = b.queue();
  const ids = ['mine', 'three:parts:each', 'a b', 'é', '%41', 'x'.repeat(200)];
  const found = [];
  for (const jobId of ids) {
    await q.add('any name', { n: 1 }, { jobId });
    found.push((await gateway.ask(`/jobs/${encodeURIComponent(jobId)}`)).body.id);
  }
  assert.deepEqual(found, ids);
  assert.equal((await gateway.job('three:parts:each')).id, 'three:parts:each');
});
