'use strict';

/* express-compute: Express is only the gateway; a native service counts.
 *
 * Each request is forwarded over local HTTP on a kept connection to bench-compute, which splits it
 * over all cores, joins the parts and answers:
 *
 *     express            [read A][forward A]   [ping]  [reply A]
 *     service, core 1                    [count A 1/2][count B 1/2]..
 *     service, core 2                    [count A 2/2][count B 2/2]..
 *
 * The published one was in Rust (Axum, Rayon); the service here is in C, and also outside of V8.
 *
 * What it costs: a second program in a second language, and the round trip to it.
 *
 * What breaks: the service is one more thing that can be down, and then the answer is 502. It is
 * not started again: that is left to whatever supervises both. It ends with this program
 * (--with-parent). Splitting one request over all cores answers it sooner while cores are idle;
 * with 100 clients none is, and the same cores do the same work.
 *
 * What to look at: `work` is the service's own figure, by its Server-Timing, `wait` the time in its
 * queue and on the way there; the rest of the client's latency is the way back and Express.
 */
const { spawn } = require('node:child_process');
const http = require('node:http');
const readline = require('node:readline');
const { createProgram, workData } = require('./common');
const { nowNs } = require('./heavy');

const { app, options, readWork, sendResult, fail, listen, exitForUser } = createProgram(
  'express-compute',
  { compute: 'bench-compute', 'compute-threads': 0 },
);

const agent = new http.Agent({ keepAlive: true });
const service = { pid: null, port: null, up: false };

function get(path) {
  return new Promise((resolve, reject) => {
    http.get({ agent, host: '127.0.0.1', port: service.port, path }, (reply) => {
      let body = '';
      reply.setEncoding('utf8');
      reply.on('data', (text) => (body += text));
      reply.on('error', reject);
      reply.on('end', () => resolve({ status: reply.statusCode, headers: reply.headers, body }));
    }).on('error', reject);
  });
}

async function compute(work) {
  const askedNs = nowNs();
  const reply = await get(`/heavy?${new URLSearchParams(workData(work))}`);
  if (reply.status !== 200) throw new Error(`it answered ${reply.status}`);
  const timing = /wait;dur=([\d.]+),work;dur=([\d.]+)/.exec(reply.headers['server-timing']);
  const [waitMs, workMs] = timing.slice(1).map(Number);
  const beganNs = askedNs + waitMs * 1e6;
  const { count = work.n } = JSON.parse(reply.body); // none for a sleep
  return { reached: count, beganNs, endedNs: beganNs + workMs * 1e6 };
}

app.get('/heavy', readWork, async (req, res) => {
  try {
    sendResult(req, res, await compute(req.work));
  } catch (error) {
    fail(res, 502, `the compute service: ${error.message}`);
  }
});

const threads = String(options['compute-threads']); // 0: one per core
const child = spawn(
  options.compute,
  ['--with-parent', '--port', '0', '--compute-threads', threads],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
child.on('error', (error) => exitForUser(`--compute: ${error.message}`));
child.on('exit', () => {
  if (!service.port) exitForUser('--compute: it ended before it was ready');
  service.up = false;
});
readline.createInterface({ input: child.stdout }).once('line', (line) => {
  Object.assign(service, { pid: child.pid, port: JSON.parse(line).port, up: true });
  listen({ getStats: () => ({ compute: { pid: service.pid, up: service.up } }) });
});
