'use strict';

/* express-bullmq: a request becomes a job in Redis and is answered at once; other processes work.
 *
 *     express    [read A][add A]     [202 A][read B][add B]     [202 B]  [ping]  [GET /jobs/A]
 *     Redis                     [ A ]  [take A]            [ B ]   [finish A, take B]
 *     worker 1                                [ count A 6 ms    ]                    [ count B ..
 *
 * The 202 is sent when Redis has the job; Location is the path of its result. The workers
 * are --workers processes (1, as published) of bullmq-worker.js, each with --concurrency jobs (1).
 *
 * What it costs: Redis, a process per worker, one round trip for each job added and one for each
 * done, all of it on the same machine here; and a client that has to come back for its result.
 *
 * What breaks: nothing that the client sees, and that is the danger. 202 means accepted, not done:
 * one worker process uses one core, at best 6 ms per job, however many jobs are accepted. Only the
 * memory of Redis bounds the backlog. Without Redis the answer is 503.
 *
 * What is kept: of the jobs that ended, the newest 10,000 (bullmq-worker.js). BullMQ keeps all of
 * them by default, and then Redis only grows. Older results are 404, and ended jobs are counted by
 * the counters that BullMQ keeps in Redis, not by the number of jobs that are kept.
 *
 * What to look at: `queue` in /stats, accepted against completed; the workers' own /stats have the
 * times.
 */
const { fork } = require('node:child_process');
const { once } = require('node:events');
const { Queue } = require('bullmq');
const Redis = require('ioredis');
const { createProgram, workData } = require('./common');

process.title = 'bench-gateway';

const { app, options, readWork, sendJson, fail, listen, exitForUser } = createProgram(
  'express-bullmq',
  { workers: 1, concurrency: 1 },
);
if (!process.env.REDIS_URL)
  exitForUser('REDIS_URL is not set; it is redis://[:PASSWORD@]HOST:PORT');

// A client must not wait for a Redis that is down: then an add fails at once.
const redis = new Redis(process.env.REDIS_URL, {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
});
const queue = new Queue('heavy', { connection: redis });
queue.on('error', (error) => console.error(`redis: ${error.message}`));

app.get('/heavy', readWork, async (req, res) => {
  try {
    const job = await queue.add('heavy', workData(req.work));
    res.location(`/jobs/${job.id}`);
    sendJson(res, 202, { id: job.id, state: 'waiting' });
  } catch (error) {
    res.set('Retry-After', '1');
    fail(res, 503, `the queue: ${error.message}`);
  }
});

// An id is a number; other keys of the queue have names.
app.get('/jobs/:id', async (req, res) => {
  const job = /^\d{1,15}$/.test(req.params.id) && (await queue.getJob(req.params.id));
  if (!job) return fail(res, 404, 'there is no such job, or it ended and is no longer kept');
  return sendJson(res, 200, {
    id: job.id,
    state: await job.getState(),
    data: job.data,
    attempts: job.attemptsMade,
    attempts_max: 1,
    added_unix_ms: job.timestamp,
    started_unix_ms: job.processedOn ?? null,
    ended_unix_ms: job.finishedOn ?? null,
    result: job.returnvalue ?? null,
    error: job.failedReason ?? null,
  });
});

const started = []; // all worker processes
const workers = new Map(); // pid to port, of those that are ready

/* One MULTI, so that all figures are of one moment and every job is in exactly one place: Redis
 * runs nothing in between, and BullMQ moves a job and counts it in one script. Every job that was
 * given an id counts as accepted, also while its 202 is still under way. */
async function getStats() {
  const key = (name) => queue.toKey(name);
  const replies = await redis
    .multi()
    .get(key('id'))
    .llen(key('wait'))
    .zcard(key('delayed'))
    .llen(key('active'))
    .hget(key('metrics:completed'), 'count')
    .hget(key('metrics:failed'), 'count')
    .exec();
  const [accepted, waiting, delayed, active, completed, failed] = replies.map(([, n]) => Number(n));
  return {
    queue_depth: waiting + delayed,
    queue: {
      broker: 'redis (bullmq)',
      accepted,
      waiting,
      delayed,
      active,
      completed,
      failed,
      workers: Array.from(workers, ([pid, port]) => ({ pid, port })),
    },
  };
}

/* A worker that dies is not started again: another one runs its job when the lock has expired
 * (30 s). It ends with this process, at the latest when it sees the closed channel. */
async function startWorker() {
  const argv = ['--concurrency', String(options.concurrency)];
  const worker = fork(require.resolve('./bullmq-worker.js'), argv, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  worker.on('exit', () => {
    if (!workers.delete(worker.pid)) exitForUser('a worker ended before it was ready');
  });
  started.push(worker);
  const [line] = await once(worker, 'message');
  workers.set(worker.pid, JSON.parse(line).port);
}

process.once('SIGTERM', () => process.exit());
process.once('exit', () => started.forEach((worker) => worker.kill()));

async function main() {
  await queue.waitUntilReady();
  await Promise.all(Array.from({ length: options.workers }, startWorker));
  listen({ getStats });
}

main().catch((error) => exitForUser(error.message));
