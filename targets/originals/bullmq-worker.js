'use strict';

/* bullmq-worker: takes jobs of express-bullmq from Redis, runs them and stores their results.
 *
 * The processor is a plain function that counts in this process; meanwhile the loop does nothing
 * else. So one worker process uses one core, whatever --concurrency says: a higher value only takes
 * more jobs at once, which then wait here. Locks are not renewed while it counts, either: after
 * 30 s the worker of a job seems to have died, and another one runs it again. (BullMQ's sandboxed
 * processors, in processes or threads of their own, avoid both.)
 *
 * Of the jobs that ended the newest 10,000 are kept, enough for clients to fetch their results; by
 * default BullMQ keeps all, and a run would measure a Redis that fills its memory.
 *
 * What to look at: `work` is from begun to done; `wait` is from added to begun, `job` from added to
 * the result stored. A job has the time when it was added in whole milliseconds of the wall clock,
 * so these two are not more precise.
 */
const { MetricsTime, Worker } = require('bullmq');
const { createProgram, resultOf, workOfData } = require('./common');
const doWork = require('./heavy');

process.title = 'bench-worker';
process.once('disconnect', () => process.exit()); // the gateway has ended

const { options, record, listen } = createProgram('worker', { concurrency: 1 });
const counts = { taken: 0, completed: 0, failed: 0 };
const sinceMs = (ms) => (Date.now() - ms) * 1e6;

async function processor(job) {
  counts.taken++;
  const work = workOfData(job.data); // an exception becomes the job's error
  const waitNs = sinceMs(job.timestamp);
  const { reached, beganNs, endedNs } = doWork(work);
  job.took = { waitNs, workNs: endedNs - beganNs };
  return resultOf(work, reached);
}

const worker = new Worker('heavy', processor, {
  connection: { url: process.env.REDIS_URL },
  concurrency: options.concurrency,
  removeOnComplete: { count: 10000 },
  removeOnFail: { count: 10000 },
  metrics: { maxDataPoints: MetricsTime.ONE_HOUR }, // counts all that ended, in Redis
});
worker.on('error', (error) => console.error(`redis: ${error.message}`));
worker.on('failed', () => counts.failed++);
worker.on('completed', (job) => {
  counts.completed++;
  record('wait', job.took.waitNs);
  record('work', job.took.workNs);
  record('job', sinceMs(job.timestamp));
});

worker.waitUntilReady().then(() =>
  listen({ getStats: () => ({ worker: counts }), announce: (line) => process.send(line) }),
);
