// Which ended jobs are kept: what a job's opts say, as a real Worker would.
import assert from 'node:assert/strict';
import test from 'node:test';
import { bed } from './bed.mjs';
import { redis, until } from './server.mjs';

const MINUTE_MS = 60e3;

// n jobs, completed one after the other, a millisecond apart, by us and by a real Worker: what is
// left of them must be the same.
const rules = {
  true: true,
  false: false,
  'number 3': 3,
  'number 0': 0,
  'count 2': { count: 2 },
  'count and age': { count: 4, age: 3600 },
  'count 0': { count: 0 },
};
for (const [name, rule] of Object.entries(rules))
  for (const [option, state] of [
    ['removeOnComplete', 'Completed'],
    ['removeOnFail', 'Failed'],
  ])
    test(`${option} ${name}: we and a real Worker keep the same`, async () => {
      const left = [];
      for (const theirs of [false, true]) {
        const { ours, queue, worker } = bed();
        const q = queue();
        await q.addBulk(
          Array.from({ length: 6 }, () => ({ name: 'heavy', data: {}, opts: { [option]: rule } })),
        );
        if (theirs) worker(async () => state === 'Failed' && Promise.reject(new Error('no')));
        for (let now = Date.now(); !theirs && now; now++) {
          const [job] = (await ours.take(1)).jobs;
          if (!job) break;
          await (state === 'Failed'
            ? ours.fail(job, 'no', { now })
            : ours.complete(job, null, { now }));
        }
        await until('all ended', async () =>
          Object.values(await q.getJobCounts('waiting', 'active')).every((n) => n === 0),
        );
        await until('the counts add up', async () => {
          const { completed, failed } = await ours.counts();
          return completed + failed === 6;
        });
        if (!theirs) assert.equal((await ours.counts())[state.toLowerCase()], 6);
        const kept = (await q[`get${state}`]()).map((job) => job.id);
        const hashes = (await redis.keys(ours.key('[0-9]'))).map((key) => key.split(':').pop());
        assert.deepEqual(hashes.sort(), [...kept].sort());
        left.push(theirs ? kept.length : kept);
      }
      assert.equal(left[0].length, left[1]);
      assert.deepEqual(left[0], ['6', '5', '4', '3', '2', '1'].slice(0, left[0].length));
    });

test('jobs older than the age go, some at a time', async () => {
  const { ours } = bed();
  const start = Date.now();
  await ours.add([{}, {}, {}, {}]);
  for (const wait of [0, 1, 2])
    await ours.complete(await ours.takeOne(), null, { now: start + wait });
  const options = { now: start + MINUTE_MS + 1, completed: '{"age":60,"limit":1}' };
  await ours.complete(await ours.takeOne(), null, options);
  assert.deepEqual(await redis.zrange(ours.key('completed'), 0, -1), ['1', '3', '4']);
  await ours.add({});
  await ours.complete(await ours.takeOne(), null, { ...options, completed: '{"age":60}' });
  assert.deepEqual(await redis.zrange(ours.key('completed'), 0, -1), ['3', '4', '5']);
});

for (const rule of [{ age: 60, limit: 2 }, { age: 60, count: 3, limit: 1 }, { age: 60 }])
  test(`of old jobs, ${JSON.stringify(rule)} keeps what a real Worker keeps`, async () => {
    const left = [];
    for (const theirs of [false, true]) {
      const { ours, queue, worker } = bed();
      const q = queue();
      await q.addBulk(Array.from({ length: 5 }, () => ({ name: 'heavy', data: {} })));
      const { jobs } = await ours.take(5);
      for (const [i, job] of jobs.entries())
        await ours.complete(job, null, { now: Date.now() - 10 * MINUTE_MS + i });
      await q.add('heavy', {}, { jobId: 'last', removeOnComplete: rule });
      if (theirs) worker(async () => null);
      else await ours.complete(await ours.takeOne());
      await until('it ended', () => redis.zscore(ours.key('completed'), 'last'));
      left.push(await redis.zrange(ours.key('completed'), 0, -1));
    }
    assert.deepEqual(left[0], left[1]);
  });

for (const [option, state] of [
  ['removeOnComplete', 'completed'],
  ['removeOnFail', 'failed'],
])
  test(`each ${state} job of a batch removes its share of the old, as with a real Worker`, async () => {
    const left = [];
    for (const theirs of [false, true]) {
      const { ours, queue, worker } = bed();
      const q = queue();
      const end = (job, more = '') => ({ job, what: state, text: '1', more });
      await q.addBulk(Array.from({ length: 9 }, () => ({ name: 'heavy', data: {} })));
      for (const [i, job] of (await ours.take(9)).jobs.entries())
        await ours.finish([end(job)], { now: Date.now() - 10 * MINUTE_MS + i });
      const rule = { age: 60, limit: 2 };
      const opts = { [option]: rule };
      await q.addBulk(Array.from({ length: 3 }, () => ({ name: 'heavy', data: {}, opts })));
      if (theirs) worker(async () => state === 'failed' && Promise.reject(new Error('no')));
      else await ours.finish((await ours.take(3)).jobs.map((job) => end(job, JSON.stringify(rule))));
      await until('they ended', async () => {
        const counts = await q.getJobCounts('waiting', 'active');
        return counts.waiting + counts.active === 0;
      });
      left.push((await redis.zrange(ours.key(state), 0, -1)).sort());
    }
    assert.deepEqual(left[0], left[1]);
    assert.equal(left[0].length, 6);
  });

test('the default rule is for jobs without their own; one that cannot be read keeps all', async () => {
  const { ours } = bed();
  await ours.add([{}, {}, {}, {}]);
  const { jobs } = await ours.take(4);
  const end = (i, more) => ({ job: jobs[i], what: 'completed', text: 'null', more });
  const now = Date.now();
  await ours.finish([end(0, '')], { completed: '1', now });
  await ours.finish([end(1, 'false'), end(2, '{oops')], { completed: '1', now: now + 1 });
  assert.equal(await redis.zcard(ours.key('completed')), 3);
  await ours.finish([end(3, '')], { completed: '1', now: now + 2 });
  assert.deepEqual(await redis.zrange(ours.key('completed'), 0, -1), ['4']);
});

test('in one batch each rule has its effect in its turn', async () => {
  const { ours } = bed();
  await ours.add([{}, {}, {}, {}, {}]);
  const { jobs } = await ours.take(5);
  const rulesOf = ['5', '1', '5', '5', 'true'];
  await ours.finish(
    jobs.map((job, i) => ({ job, what: 'completed', text: 'null', more: rulesOf[i] })),
  );
  assert.deepEqual(await redis.zrange(ours.key('completed'), 0, -1), ['2', '3', '4']);
});

test('what belongs to a job goes with it', async () => {
  const { ours, queue } = bed();
  const q = queue();
  const job = await q.add('heavy', {}, { removeOnComplete: true });
  await job.log('a line');
  await ours.complete(await ours.takeOne(), 1);
  assert.deepEqual(await redis.keys(ours.key(`${job.id}*`)), []);
  assert.equal(await q.getJobState(job.id), 'unknown');
});

test('very many jobs beyond a rule that became narrower go some at a time', async () => {
  const { ours } = bed();
  await ours.add(Array.from({ length: 3000 }, () => ({})));
  const { jobs } = await ours.take(3000);
  await ours.finish(jobs.slice(1).map((job) => ({ job, what: 'completed', text: 'null' })));
  await ours.complete(jobs[0], null, { completed: '10', now: Date.now() + 1 });
  const left = await redis.zcard(ours.key('completed'));
  assert.ok(left > 10 && left <= 2000, `${left} left`);
  assert.equal((await ours.counts()).completed, 3000);
});
