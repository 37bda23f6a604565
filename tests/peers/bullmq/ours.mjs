// Our scripts as a client uses them: the calls in the shapes of JavaScript, and a small worker.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { redis } from './server.mjs';

const LOCK_MS = 30e3;

const pairs = (list) =>
  Object.fromEntries(
    Array.from({ length: list.length / 2 }, (_, i) => list.slice(2 * i, 2 * i + 2)),
  );

// Our scripts for one queue, in the shapes of JavaScript. `now` may be given: the clock is the
// client's.
export class Ours {
  constructor(queue) {
    this.prefix = `bull:${queue}:`;
    this.meta = `${this.prefix}meta`;
    this.worker = randomUUID();
    this.turn = 0;
  }

  key(name) {
    return this.prefix + name;
  }

  // One job or an array; the ids.
  async add(data, { name = 'heavy', opts = {}, now = Date.now() } = {}) {
    const texts = (Array.isArray(data) ? data : [data]).map((d) => JSON.stringify(d));
    const [first] = await redis.our_add(this.meta, now, name, JSON.stringify(opts), ...texts);
    return texts.map((_, i) => String(first + i));
  }

  async take(most = 1, { now = Date.now(), lock = LOCK_MS } = {}) {
    const token = `${this.worker}:${this.turn++}`;
    const [why, ms, jobs] = await redis.our_take(this.meta, now, token, lock, most);
    const names = ['id', 'name', 'data', 'opts', 'atm', 'timestamp', 'defa', 'deid'];
    const shaped = jobs.map((job) => Object.fromEntries(names.map((n, i) => [n, job[i]])));
    return { why, ms, jobs: shaped.map((job) => ({ ...job, token })) };
  }

  async takeOne(options) {
    const { why, jobs } = await this.take(1, options);
    assert.equal(jobs.length, 1, why);
    return jobs[0];
  }

  renew(jobs, lock = LOCK_MS) {
    return redis.our_renew(this.meta, lock, ...jobs.flatMap((job) => [job.id, job.token]));
  }

  release(jobs) {
    return redis.our_release(this.meta, ...jobs.flatMap((job) => [job.id, job.token]));
  }

  // Each end: { job, what, text, more }.
  finish(ends, { now = Date.now(), completed = 'false', failed = 'false' } = {}) {
    const rows = ends.flatMap(({ job, what, text, more = '' }) => [
      job.id,
      job.token,
      what,
      text,
      more,
      job.atm ?? '',
      job.deid ?? '',
    ]);
    return redis.our_finish(this.meta, now, completed, failed, ...rows);
  }

  async complete(job, result = null, options) {
    const end = {
      job,
      what: 'completed',
      text: JSON.stringify(result),
      more: ruleOf(job, 'removeOnComplete'),
    };
    assert.deepEqual(await this.finish([end], options), [0]);
  }

  async fail(job, reason, options) {
    const end = { job, what: 'failed', text: reason, more: ruleOf(job, 'removeOnFail') };
    assert.deepEqual(await this.finish([end], options), [0]);
  }

  async retry(job, reason, delay = 0, options) {
    assert.deepEqual(
      await this.finish([{ job, what: 'retry', text: reason, more: delay }], options),
      [0],
    );
  }

  sweep({ interval = 30e3, most = 1, reason = 'stalled too often' } = {}) {
    return redis.our_sweep(this.meta, interval, most, reason);
  }

  async counts() {
    const [waiting, delayed, active, completed, failed] = await redis.our_counts(this.meta);
    return { waiting, delayed, active, completed, failed };
  }

  async find(id) {
    const found = await redis.our_find(this.meta, id);
    if (found === null) return null;
    const names = [
      'state',
      'data',
      'opts',
      'returnvalue',
      'failedReason',
      'atm',
      'ats',
      'timestamp',
      'processedOn',
      'finishedOn',
    ];
    return Object.fromEntries(names.map((name, i) => [name, found[i]]));
  }

  async hash(id) {
    return redis.hgetall(this.key(id));
  }

  async events() {
    const entries = await redis.xrange(this.key('events'), '-', '+');
    return entries.map(([, fields]) => pairs(fields));
  }
}

function ruleOf(job, name) {
  const rule = JSON.parse(job.opts ?? '{}')[name];
  return rule === undefined ? '' : JSON.stringify(rule);
}

// ---- a worker of our scripts ----

// The delay of a retry, or null when no attempt is left: what a client decides.
export function retryDelay(job) {
  const { attempts = 0, backoff = 0 } = JSON.parse(job.opts ?? '{}');
  const made = Number(job.atm ?? 0);
  if (made + 1 >= attempts) return null;
  const { type = 'fixed', delay = backoff } = typeof backoff === 'object' ? backoff : {};
  return type === 'exponential' ? delay * 2 ** made : delay;
}

async function runJob(ours, job, run) {
  if (job.defa) return ours.fail(job, job.defa);
  let result;
  try {
    result = await run(job);
  } catch (error) {
    const delay = retryDelay(job);
    return delay === null ? ours.fail(job, error.message) : ours.retry(job, error.message, delay);
  }
  return ours.complete(job, result);
}

// Takes and runs jobs until it is stopped; asleep it waits for the marker, as the protocol says.
export function ourWorker(ours, run, { most = 5 } = {}) {
  const asleep = redis.duplicate();
  let stopped = false;
  const loop = async () => {
    while (!stopped) {
      const { why, ms, jobs } = await ours.take(most);
      await Promise.all(jobs.map((job) => runJob(ours, job, run)));
      if (jobs.length > 0 || stopped) continue;
      if (why === 'foreign' || why === 'limited') await pause(Math.min(ms, 100));
      else
        await asleep.bzpopmin(
          ours.key('marker'),
          ms >= 0 && ms < 1000 ? Math.max(ms, 10) / 1000 : 1,
        );
    }
  };
  const ended = loop();
  return {
    ended,
    close: async () => {
      stopped = true;
      asleep.disconnect();
      await ended.catch((error) => assert.match(error.message, /Connection is closed/));
    },
    on: () => {},
  };
}
