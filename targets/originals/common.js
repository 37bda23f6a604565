'use strict';

/* common: what the originals share: arguments, the check of a request, the reply, and the server
 * with /ping, /healthz and /stats. Each original adds the one route that it is about.
 *
 *     node express-NAME.js [--port N] [--work count:N|sleep:NS] [its own options]
 *
 * A program listens on 127.0.0.1, by default on a free port, and prints one line of JSON when it is
 * ready. SIGTERM ends it at once: no handler is set, because a loop that counts would not run it.
 */
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { parseArgs } = require('node:util');
const express = require('express');
const hdr = require('hdr-histogram-js');
const { nowNs } = require('./heavy');

const COUNT_MAX = 10e9;
const HOUR_NS = 3600e9;

/* ---- arguments ---- */

// Ends with one sentence that says what the user has to change, instead of a stack trace.
function exitForUser(why) {
  console.error(`${path.basename(process.argv[1])}: ${why}`);
  process.exit(2);
}

function checkWork(work) {
  const most = work.kind === 'count' ? COUNT_MAX : HOUR_NS;
  if (Number.isInteger(work.n) && work.n >= 1 && work.n <= most) return work;
  throw new Error(
    work.kind === 'count'
      ? `n must be a whole number from 1 to ${COUNT_MAX}`
      : `sleep_ms must be a number above 0 and at most ${HOUR_NS / 1e6}`,
  );
}

function parseWork(text) {
  const [, kind, n] = /^(count|sleep):(\d+)$/.exec(text) ?? [];
  if (!kind) throw new Error(`'${text}' is not valid work; try count:20000000 or sleep:50000000 (ns)`);
  return checkWork({ kind, n: Number(n) });
}

function parseNumber(name, text) {
  if (!/^\d{1,5}$/.test(text)) throw new Error(`--${name}: '${text}' is not a number`);
  if (name === 'threads' && Number(text) < 1) throw new Error('--threads: at least 1');
  return Number(text);
}

// own: the program's further options with their defaults, whose type is that of the option.
function readOptions(own) {
  const defaults = { port: 0, work: 'count:20000000', ...own };
  const rows = Object.keys(defaults).map((name) => [name, { type: 'string' }]);
  try {
    const given = parseArgs({ options: Object.fromEntries(rows) }).values;
    const options = { ...defaults, ...given };
    for (const [name, value] of Object.entries(given))
      if (typeof defaults[name] === 'number') options[name] = parseNumber(name, value);
    return { ...options, work: parseWork(options.work) };
  } catch (error) {
    return exitForUser(error.message);
  }
}

/* ---- the work of a request ---- */

// ?n=COUNTS or ?sleep_ms=MS, else the work of the command line.
function workOfQuery({ n, sleep_ms: ms }, work) {
  if (n === undefined && ms === undefined) return work;
  if (n !== undefined && ms !== undefined) throw new Error('give n or sleep_ms, not both');
  const number = (text, form) => (form.test(text) ? Number(text) : NaN);
  return checkWork(
    n !== undefined
      ? { kind: 'count', n: number(n, /^\d{1,11}$/) }
      : { kind: 'sleep', n: Math.round(number(ms, /^\d{1,7}(\.\d{1,6})?$/) * 1e6) },
  );
}

// Work as JSON, for a query, the data of a job, and a result.
const sleepMs = (ns) => Number((ns / 1e6).toPrecision(15));
const workData = ({ kind, n }) => (kind === 'count' ? { n } : { sleep_ms: sleepMs(n) });
const workOfData = ({ n, sleep_ms: ms }) =>
  checkWork(n !== undefined ? { kind: 'count', n } : { kind: 'sleep', n: Math.round(ms * 1e6) });
const resultOf = ({ kind }, reached) =>
  kind === 'count' ? { count: reached } : { slept_ms: sleepMs(reached) };

/* ---- the program ---- */

function newHistogram() {
  return hdr.build({
    bitBucketSize: 64,
    autoResize: false,
    lowestDiscernibleValue: 1,
    highestTrackableValue: HOUR_NS,
    numberOfSignificantValueDigits: 3,
  });
}

/* VmHWM is the peak of this program; the maxRSS of resourceUsage may be that of its parent. The
 * switches are those of all threads, including those that ended. */
function usage() {
  const used = process.resourceUsage();
  const [, peakKiB] = /^VmHWM:\s+(\d+)/m.exec(fs.readFileSync('/proc/self/status', 'utf8')) ?? [];
  return {
    user_s: used.userCPUTime / 1e6,
    system_s: used.systemCPUTime / 1e6,
    rss_peak_bytes: peakKiB ? Number(peakKiB) * 1024 : null,
    switches_voluntary: used.voluntaryContextSwitches,
    switches_involuntary: used.involuntaryContextSwitches,
  };
}

function createProgram(name, own = {}) {
  const app = express();
  const server = http.createServer(app);
  const connections = { open: 0, accepted: 0 };
  // None of these programs turns a request away for lack of room: rejected stays 0.
  const heavy = { begun: 0, completed: 0, rejected: 0, aborted: 0, failed: 0 };
  const requests = { heavy, ping: 0, other: 0 };
  const histograms = { wait: newHistogram(), work: newHistogram() };
  const program = { app, options: readOptions(own), exitForUser };

  server.on('connection', (socket) => {
    connections.accepted++;
    connections.open++;
    socket.on('close', () => connections.open--);
  });

  // Every heavy request that was parsed ends in exactly one counter.
  function countEnd(res) {
    if (!res.writableFinished) heavy.aborted++;
    else if (res.statusCode < 300) heavy.completed++;
    else heavy.failed++;
  }

  // Middleware of /heavy: sets req.work, and req.cameNs to the time when the work was known.
  program.readWork = (req, res, next) => {
    try {
      req.work = workOfQuery(req.query, program.options.work);
    } catch (error) {
      requests.other++;
      return program.fail(res, 400, error.message);
    }
    heavy.begun++;
    res.once('close', () => countEnd(res));
    req.cameNs = nowNs();
    return next();
  };

  program.record = (histogram, ns) => {
    histograms[histogram] ??= newHistogram();
    if (ns <= HOUR_NS) histograms[histogram].recordValue(Math.max(0, Math.round(ns)));
  };

  program.sendJson = (res, status, body) =>
    res.status(status).type('json').send(`${JSON.stringify(body)}\n`);

  program.fail = (res, status, why) => program.sendJson(res, status, { error: why });

  // The reply to a request whose work was done.
  program.sendResult = (req, res, { reached, beganNs, endedNs }) => {
    const [waitNs, workNs] = [beganNs - req.cameNs, endedNs - beganNs];
    program.record('wait', waitNs);
    program.record('work', workNs);
    const [wait, work] = [waitNs, workNs].map((ns) => (ns / 1e6).toFixed(3));
    res.set('Server-Timing', `wait;dur=${wait},work;dur=${work}`);
    program.sendJson(res, 200, resultOf(req.work, reached));
  };

  // `own` has what only the program knows. run_wait_ended_s is how long threads that have ended
  // were ready and had no core: 0 if none ends. bench adds it to the figure of the live threads,
  // and takes the sum as complete. Node does not report it for threads that ended, so a program
  // that ends threads returns null, and the sum counts as not measured.
  function stats(own, brief) {
    return {
      strategy: name,
      pid: process.pid,
      requests,
      queue_depth: 0,
      threads: { live: 0, started: 0, peak: 0 },
      usage: usage(),
      run_wait_ended_s: 0,
      connections,
      ...(brief ? {} : { histograms: encoded(histograms) }),
      ...own,
    };
  }

  // Adds all routes other than the program's own, then listens. getStats may be asynchronous.
  program.listen = ({ getStats = () => ({}), announce = console.log } = {}) => {
    const other = (handler) => (req, res) => {
      requests.other++;
      return handler(req, res);
    };
    app.get('/ping', (req, res) => {
      requests.ping++;
      res.type('text').send('pong\n');
    });
    app.get('/healthz', other((req, res) => res.type('text').send('ok\n')));
    app.get(
      '/stats',
      other(async (req, res) =>
        program.sendJson(res, 200, stats(await getStats(), req.query.brief === '1')),
      ),
    );
    app.use(other((req, res) => program.fail(res, 404, 'there is no such path')));
    // Express recognises an error handler by its four parameters.
    app.use((error, req, res, next) => {
      if (res.headersSent) next(error);
      else program.fail(res, error.status ?? 500, error.message);
    });

    server.on('error', (error) => exitForUser(error.message));
    server.listen(program.options.port, '127.0.0.1', () => {
      const { port } = server.address();
      announce(JSON.stringify({ ready: true, port, pid: process.pid, strategy: name }));
    });
  };

  return program;
}

function encoded(histograms) {
  const rows = Object.entries(histograms);
  return Object.fromEntries(rows.map(([name, h]) => [name, hdr.encodeIntoCompressedBase64(h)]));
}

module.exports = { createProgram, resultOf, workData, workOfData };
