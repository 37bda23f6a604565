'use strict';

/* heavy: the work itself, with nothing else in the file, because every new thread loads it.
 *
 * It is used in three ways: called on the loop (express-inline, bullmq-worker), called by Piscina
 * on a thread of its pool, and run by `new Worker('heavy.js')`, which passes the work as workerData
 * and gets the result as a message.
 *
 * V8 does not optimise the loop away: 20 million counts take 6 ms. The result is the count that was
 * reached, so a thread that did less is noticed.
 */
const { parentPort, workerData } = require('node:worker_threads');

// The monotonic clock, one for all threads and processes of the machine.
const nowNs = () => Number(process.hrtime.bigint());

function count(n) {
  let reached = 0;
  while (reached < n) reached++;
  return reached;
}

// Blocks the thread, as counting does; with a timer it could do something else meanwhile.
function sleep(ns) {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const endNs = nowNs() + ns;
  for (let leftNs = ns; leftNs > 0; leftNs = endNs - nowNs())
    Atomics.wait(cell, 0, 0, leftNs / 1e6);
  return ns;
}

// work is { kind: 'count' | 'sleep', n: counts | ns }.
function doWork({ kind, n }) {
  const beganNs = nowNs();
  const reached = kind === 'count' ? count(n) : sleep(n);
  return { reached, beganNs, endedNs: nowNs() };
}

module.exports = doWork;
module.exports.nowNs = nowNs;

if (workerData?.kind) parentPort.postMessage(doWork(workerData));
