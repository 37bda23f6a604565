'use strict';

/* bullmq: what scripts/bench-queue does with the real library, and with Redis.
 *
 *     node bullmq.js FOLDER fill QUEUE JOBS DATA OPTS    pauses the queue and adds so many jobs
 *     node bullmq.js FOLDER drain QUEUE JOBS             resumes it; how long until all are done
 *     node bullmq.js FOLDER work QUEUE CONCURRENCY       a Worker whose jobs do nothing
 *     node bullmq.js FOLDER memory                       bytes that the stored data take
 *
 * FOLDER has a package.json with bullmq and ioredis; REDIS_URL is the address of Redis. The result
 * is one line of JSON; a Worker prints one when it is ready, and runs until it is killed.
 */
const { createRequire } = require('node:module');
const path = require('node:path');
const { setTimeout: pause } = require('node:timers/promises');

const [folder, command, ...words] = process.argv.slice(2);
const requireFrom = createRequire(path.resolve(folder, 'package.json'));
const { Queue, Worker } = requireFrom('bullmq');
const Redis = requireFrom('ioredis');

const BATCH = 1000;
const KEPT = 10000; // ended jobs, as bench-worker has it
const LOOK_MS = 5;
const SETTLED_MS = 200;

const redis = new Redis(process.env.REDIS_URL, { maxRetriesPerRequest: null });
const tell = (found) => console.log(JSON.stringify(found));

async function fill(name, jobs, data, opts) {
  const queue = new Queue(name, { connection: redis });
  const job = { name: 'heavy', data: JSON.parse(data), opts: JSON.parse(opts) };
  await queue.pause();
  for (let left = Number(jobs); left > 0; left -= BATCH)
    await queue.addBulk(Array(Math.min(left, BATCH)).fill(job));
  tell({ jobs: Number(jobs) });
}

/* Done when no job is waiting or active any more. The check costs Redis next to nothing. */
async function drain(name, jobs) {
  const queue = new Queue(name, { connection: redis });
  const key = (suffix) => queue.toKey(suffix);
  const left = async () => {
    const multi = redis.multi().llen(key('wait')).llen(key('active')).zcard(key('delayed'));
    return (await multi.exec()).reduce((sum, [, n]) => sum + n, 0);
  };
  if ((await left()) !== Number(jobs)) throw new Error(`there are not ${jobs} jobs in ${name}`);
  const began = process.hrtime.bigint();
  await queue.resume();
  while ((await left()) > 0) await pause(LOOK_MS);
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  const { completed, failed } = await queue.getJobCounts('completed', 'failed');
  if (failed > 0 || completed < Math.min(jobs, KEPT))
    throw new Error(`${name}: ${failed} jobs failed, ${completed} completed ones are kept`);
  tell({ seconds, completed_per_s: jobs / seconds });
}

async function work(name, concurrency) {
  const worker = new Worker(name, async ({ data }) => ({ count: data.n }), {
    connection: { url: process.env.REDIS_URL },
    concurrency: Number(concurrency),
    removeOnComplete: { count: KEPT },
    removeOnFail: { count: KEPT },
  });
  worker.on('error', (error) => console.error(error.message));
  await worker.waitUntilReady();
  tell({ ready: true });
}

// Only the stored data, once the hash tables have finished resizing.
async function memory() {
  const bytes = async () => {
    const info = await redis.info('memory');
    const field = (name) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)[1]);
    return field('used_memory') - field('mem_clients_normal') - field('mem_aof_buffer');
  };
  let [before, now] = [0, await bytes()];
  while (Math.abs(now - before) > 1024 * 64) {
    await pause(SETTLED_MS);
    [before, now] = [now, await bytes()];
  }
  tell({ bytes: now });
}

const commands = { fill, drain, work, memory };
commands[command](...words).then(
  () => command === 'work' || process.exit(),
  (error) => {
    console.error(error.message);
    process.exit(1);
  },
);
