'use strict';

/* express-piscina: a fixed pool of worker threads; requests that find none free wait in memory.
 *
 *     loop      [read A][read B][read C]      [ping]      [write A][write B]..
 *     thread 1          [ count A 6 ms          ][ count C ..
 *     thread 2                  [ count B 6 ms          ][ count D ..
 *
 * The isolates are booted once, before the first request; a request then costs two messages.
 *
 * What it costs: --threads isolates (8), some 10 MiB each, for as long as the program runs.
 *
 * What breaks: nothing at once. Of 100 requests 8 run and 92 wait in the queue, and /ping is
 * answered meanwhile. But the queue is unbounded, which is Piscina's default: when more work
 * arrives than the cores can do, it only grows, and every request in it waits longer. (maxQueue
 * would bound it.) Eight threads on fewer than eight cores are not faster than one thread per core.
 *
 * What to look at: `wait` is the time in the queue, `work` the time on a thread; work grows when
 * there are more threads than cores.
 */
const { once } = require('node:events');
const Piscina = require('piscina');
const { createProgram } = require('./common');

const { app, options, readWork, sendResult, fail, listen } = createProgram('express-piscina', {
  threads: 8,
});

const pool = new Piscina({
  filename: require.resolve('./heavy.js'),
  minThreads: options.threads,
  maxThreads: options.threads,
});

app.get('/heavy', readWork, async (req, res) => {
  try {
    // SAFE: bounded thread pool execution
    const result = await pool.run(req.work);
    sendResult(req, res, result);
  } catch (error) {
    fail(res, 503, `the pool: ${error.message}`);
  }
});

function getStats() {
  const size = pool.threads.length;
  return { queue_depth: pool.queueSize, threads: { live: size, started: size, peak: size } };
}

// Each thread's first message says that it has loaded heavy.js.
Promise.all(pool.threads.map((thread) => once(thread, 'message'))).then(() => listen({ getStats }));
