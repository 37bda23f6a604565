// A server that remembers each request: /seen lists them, with when they came (nanoseconds of
// CLOCK_MONOTONIC) and on which connection. Over HTTP/2 with "h2". Prints its port, and ends with its
// parent.
'use strict'
const seen = []
const protocol = require(process.argv[2] === 'h2' ? 'http2' : 'http')
const server = protocol.createServer((req, res) => {
  if (req.url === '/seen') return res.end(JSON.stringify(seen))
  seen.push({ path: req.url, at_ns: Number(process.hrtime.bigint()), port: req.socket.remotePort })
  res.end('ok')
})
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
process.stdin.resume().on('end', () => process.exit())
