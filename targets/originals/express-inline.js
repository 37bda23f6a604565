'use strict';

/* express-inline: the handler counts, on the one thread that does everything.
 *
 *     loop   [read A][ count A 6 ms ][write A][read B][ count B 6 ms ][write B]..
 *
 * What it costs: nothing beyond the work. It is the handler that everybody writes first.
 *
 * What breaks: every other route. While it counts, the loop reads nothing, answers no /ping,
 * accepts no connection and fires no timer; with 100 clients each waits for the 99 others. Only one
 * core is used, however many there are.
 *
 * What to look at: GET /ping while it is loaded. `wait` in /stats stays near 0, since requests wait
 * unread in the sockets, where the program cannot see them.
 */
const { createProgram } = require('./common');
const doWork = require('./heavy');

const { app, readWork, sendResult, listen } = createProgram('express-inline');

app.get('/heavy', readWork, (req, res) => {
  const result = doWork(req.work); // the loop is blocked here
  sendResult(req, res, result);
});

listen();
