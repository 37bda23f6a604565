// A job that bench-worker fails is tried again as Queue.add said.
import assert from 'node:assert/strict';
import test from 'node:test';
import { bed, countsOf, stateIs } from '../bed.mjs';
import { BROKEN, startWorker } from '../programs.mjs';
import { redis, until, within } from '../server.mjs';

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
