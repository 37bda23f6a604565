// Our programs on the bed's Redis, from the folder that BENCH_BUILD names. They end with the test
// file, and must have ended well: no sanitizer found anything.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import readline from 'node:readline';
import { closeAtEnd, connection, within } from './server.mjs';

const BUILD = process.env.BENCH_BUILD;
const BROKER = `redis://${connection.host}:${connection.port}`;

export const BROKEN = { n: -1 }; // data that our worker fails

class Program {
  constructor(name, options) {
    const stdio = ['ignore', 'pipe', 'pipe'];
    assert.ok(BUILD, 'BENCH_BUILD must name the build folder');
    this.name = name;
    this.stderr = '';
    this.process = spawn(path.join(BUILD, name), ['--with-parent', ...options], { stdio });
    this.process.stderr.setEncoding('utf8').on('data', (text) => (this.stderr += text));
    this.ended = once(this.process, 'close');
    this.ended.catch(() => {}); // it did not even begin; start tells
  }

  async start() {
    const lines = readline.createInterface({ input: this.process.stdout });
    const ended = this.ended.then(() => assert.fail(`${this.name} ended:\n${this.stderr}`));
    ended.catch(() => {});
    const [ready] = await within(Promise.race([once(lines, 'line'), ended]), `${this.name} begins`);
    this.url = `http://127.0.0.1:${JSON.parse(ready).port}`;
    return this;
  }

  // { status, location, body }, the body being JSON.
  async ask(target, { data, ...options } = {}) {
    const body = data === undefined ? undefined : JSON.stringify(data);
    const method = body === undefined ? 'GET' : 'POST';
    const reply = await within(
      fetch(this.url + target, { method, body, ...options }),
      `${this.name} answers`,
    );
    const location = reply.headers.get('location');
    return { status: reply.status, location, body: await reply.json() };
  }

  async stats() {
    return (await this.ask('/stats?brief=1')).body;
  }

  // Told to stop it must end well, and in time.
  async end() {
    this.process.kill('SIGTERM');
    const [status, signal] = await within(this.ended, `${this.name} ends`).finally(() =>
      this.process.kill('SIGKILL'),
    );
    assert.deepEqual([status, signal], [0, null], `${this.name} said:\n${this.stderr}`);
  }

  async kill() {
    this.process.kill('SIGKILL');
    await within(this.ended, `${this.name} is gone`);
  }

  isRunning() {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  async close() {
    if (this.isRunning()) await this.end();
  }

  on() {}
}

const start = (name, queue, options) =>
  closeAtEnd(new Program(name, ['--broker', BROKER, '--queue', queue, ...options])).start();

// bench-worker on the queue of a bed, whose work is short unless a job asks for more.
export function startWorker({ name }, ...options) {
  return start('bench-worker', name, ['--work', 'count:1000', '--grace', '1', ...options]);
}

// bench-target as the queue's gateway, without workers of its own.
export async function startGateway({ name }, ...options) {
  const own = ['--strategy', 'queue', '--queue-workers', '0', '--work', 'count:1000'];
  const gateway = await start('bench-target', name, [...own, ...options]);
  // The id of a job that was accepted.
  gateway.add = async (data) => {
    const { status, location, body } = await gateway.ask('/heavy', { data });
    assert.deepEqual([status, location, body.state], [202, `/jobs/${body.id}`, 'waiting']);
    return body.id;
  };
  gateway.job = async (id) => {
    const { status, body } = await gateway.ask(`/jobs/${id}`);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  };
  return gateway;
}
