// A private redis-server for one test file, with our scripts as functions of its client. Everything
// ends with the file, whatever happens in it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import Redis from 'ioredis';

const SCRIPTS = new URL('../../../targets/queue/bullmq/scripts/', import.meta.url);
const script = (name) => fs.readFileSync(new URL(`${name}.lua`, SCRIPTS), 'utf8');
const PATIENCE_MS = 60e3;

// ---- the server ----

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer().on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-bullmq-'));
const port = await freePort();
const options = { bind: '127.0.0.1', port, dir: folder, save: '', appendonly: 'no' };
// The kernel ends it with this process, however that ends.
const server = spawn(
  'setpriv',
  [
    '--pdeathsig',
    'KILL',
    'redis-server',
    ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
  ],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
process.on('exit', () => {
  server.kill('SIGKILL');
  fs.rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

await new Promise((resolve, reject) => {
  let log = '';
  server.on('error', reject);
  server.on('exit', () => reject(new Error(`redis-server ended:\n${log}`)));
  server.stdout.on('data', (text) => {
    log += text;
    if (log.includes('Ready to accept connections')) resolve();
  });
});

export const connection = { host: '127.0.0.1', port, maxRetriesPerRequest: null };
export const redis = new Redis(connection);
const SCRIPT_NAMES = ['add', 'take', 'renew', 'finish', 'sweep', 'release', 'counts', 'find'];
for (const name of SCRIPT_NAMES)
  redis.defineCommand(`our_${name}`, { numberOfKeys: 1, lua: script('prelude') + script(name) });

// Closed together, whatever comes of each; the connection that all use last.
const open = [];
export function closeAtEnd(thing) {
  thing.on('error', () => {}); // trouble shows in what a test waits for
  open.push(thing);
  return thing;
}
after(async () => {
  const ends = await Promise.allSettled(open.map((thing) => thing.close(true)));
  await redis.quit();
  server.kill('SIGKILL');
  for (const { reason } of ends) assert.ifError(reason);
});

// ---- waiting ----

// The first truthy answer; a condition that never comes fails the test.
export async function until(what, ask) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    assert.ok(Date.now() < end, `waited in vain: ${what}`);
    await pause(5);
  }
}

export function within(promise, what, ms = PATIENCE_MS) {
  const late = new AbortController();
  const timer = pause(ms, null, { signal: late.signal }).then(() => assert.fail(`late: ${what}`));
  timer.catch(() => {});
  return Promise.race([promise, timer]).finally(() => late.abort());
}
