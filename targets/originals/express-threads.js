'use strict';

/* express-threads: every request starts worker threads of its own, without a limit.
 *
 * "Just spawn a worker_thread": --threads of them (8) split one request and are then thrown away.
 *
 *     loop      [read A: start 8][read B: start 8]..                     ..[join A, write A]
 *     A's 1..8          [ boot an isolate 50 ms     ][ count n/8 ][ tear down ]
 *     B's 1..8                          [ boot an isolate 50 ms     ][ count n/8 ][ tear down ]
 *
 * What it costs: a worker thread is not just a thread but a whole V8: a heap, an event loop, and
 * Node's own JavaScript, which it loads before the first line of heavy.js. That is tens of
 * milliseconds of CPU and megabytes for each, to count for 1 ms.
 *
 * What breaks: 100 requests need 800 isolates: gigabytes, and 40 s of CPU only to boot. The loop
 * has to compete with all of them for a core. Requests that arrive together all start their threads
 * before any other event is handled, so for seconds no reply is written, /ping and /stats wait as
 * well, and clients that give up and try again start more. If a thread cannot be started, the
 * answer is 503; but if V8 itself finds no memory for a heap, it ends the process.
 *
 * What to look at: `threads` in /stats. `started` is 8 x requests; `live` and `peak` count a thread
 * until Node has seen its end, which a starved loop sees late.
 */
const { Worker } = require('node:worker_threads');
const { createProgram } = require('./common');

const { app, options, readWork, sendResult, fail, listen } = createProgram('express-threads', {
  threads: 8,
});
const threads = { live: 0, started: 0, peak: 0 };

// One thread for one part. Any exception rejects the promise.
function doInThread(work) {
  return new Promise((resolve, reject) => {
    // DANGER: unbounded
    const worker = new Worker(require.resolve('./heavy.js'), { workerData: work });
    threads.started++;
    threads.live++;
    threads.peak = Math.max(threads.peak, threads.live);
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => {
      threads.live--;
      reject(new Error('it ended without a result')); // has no effect after a result
    });
  });
}

// n/8 each, the remainder goes to the first ones. A sleep is not split: one thread has all of it.
function split({ kind, n }, parts) {
  return Array.from({ length: parts }, (_, i) => {
    const share = Math.floor(n / parts) + (i < n % parts ? 1 : 0);
    return { kind, n: kind === 'count' ? share : i === 0 ? n : 0 };
  });
}

const join = (results) => ({
  reached: results.reduce((sum, result) => sum + result.reached, 0),
  beganNs: Math.min(...results.map((result) => result.beganNs)),
  endedNs: Math.max(...results.map((result) => result.endedNs)),
});

app.get('/heavy', readWork, async (req, res) => {
  try {
    const results = await Promise.all(split(req.work, options.threads).map(doInThread));
    sendResult(req, res, join(results));
  } catch (error) {
    // The request's other threads are not stopped.
    res.set('Retry-After', '1');
    fail(res, 503, `a thread failed: ${error.message}`);
  }
});

listen({ getStats: () => ({ threads, run_wait_ended_s: null }) });
