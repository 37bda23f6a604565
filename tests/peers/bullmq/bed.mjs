// What the tests stand on: a queue, seen by both sides.
import { Queue, QueueEvents, Worker } from 'bullmq';
import { Ours } from './ours.mjs';
import { closeAtEnd, connection, redis, until } from './server.mjs';

// A queue of its own for one test: `ours`, and makers of the real classes on it.
let queues = 0;
export function bed() {
  const name = `q${++queues}`;
  const client = { connection };
  return {
    name,
    ours: new Ours(name),
    queue: (opts) => closeAtEnd(new Queue(name, { ...client, ...opts })),
    events: async (opts) => {
      const events = closeAtEnd(new QueueEvents(name, { ...client, ...opts }));
      await events.waitUntilReady();
      return events;
    },
    worker: (run, opts) => closeAtEnd(new Worker(name, run, { ...client, ...opts })),
    // So many real Workers of this queue wait for its marker.
    asleep: (count = 1) =>
      until('they sleep', async () => {
        const clients = (await redis.client('LIST')).split('\n');
        const ofQueue = ` name=bull:${Buffer.from(name).toString('base64')}`;
        return (
          clients.filter((line) => line.includes(ofQueue) && / cmd=bzpopmin /.test(line)).length ===
          count
        );
      }),
  };
}

// The job, once the library says that it is in this state.
export const stateIs = (q, id, state) =>
  until(`${id} is ${state}`, async () => (await q.getJobState(id)) === state && q.getJob(id));

// The ids of completed jobs in the order in which they ended.
export const endsOf = async ({ ours }) =>
  (await ours.events()).filter(({ event }) => event === 'completed').map(({ jobId }) => jobId);

// The jobs of a queue by state, without the states that have none.
export async function countsOf(q) {
  const counts = await q.getJobCounts();
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}
