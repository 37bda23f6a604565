'use strict';

/* heavy: the work itself, with nothing else in the file, since every new thread loads it.
 *
 * It is used in three ways: called on the loop (express-inline, bullmq-worker), called by Piscina
 * on a thread of its pool, and run by `new Worker('heavy.js')`, which hands in the work as
 * workerData and takes the result as a message.
 *
 * V8 keeps the loop, it has no rule that turns counting into a formula: 20 million counts are 6 ms.
 * What is answered is the count that was reached, so a thread that did less is seen.
 */
const { parentPort, workerData } = require('node:worker_threads');

// The monotonic clock, one for all threads and processes of the machine.
const nowNs = () => Number(process.hrtime.bigint());

function count(n) {
  let reached = 0;
  while (reached < n) reached++;
  return reached;
}

// Holds the thread, as counting does: a timer would let it do something else meanwhile.
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
