// A server whose replies tests expect something of, over HTTP/1.1, or HTTP/2 without TLS ("h2").
// Prints its port, and ends with its parent.
'use strict'
const protocol = process.argv[2] === 'h2' ? require('http2') : require('http')
const long = 'x'.repeat(2 << 20)
const hostile = 'a'.repeat(20000) + 'b'
let logins = 0

function reply (req, res) {
  const url = new URL(req.url, 'http://h')
  const end = (status, body) => { res.statusCode = status; res.end(body) }
  switch (url.pathname) {
    case '/json': return end(200, '{"user":{"id":17},"ok":true}')
    case '/none': return end(404, 'none')
    case '/long': return end(200, long)
    case '/hostile': return end(200, hostile)
    case '/login': // each visitor has a token and a session that belong together
      logins++
      res.setHeader('X-Session', `s${logins}`)
      res.setHeader('Set-Cookie', ['lang=en; Path=/', `sid=c${logins}; Path=/; HttpOnly`, 'sidecar=x'])
      return end(200, JSON.stringify({ deep: [{ token: `t${logins}` }], note: `nr=${logins};` }))
    case '/login-fails': return end(401, '{"deep":[]}')
    case '/me': {
      const number = url.searchParams.get('token').slice(1)
      if ('cookie' in req.headers && req.headers.cookie !== `sid=c${number}; lang=en`) return end(403, 'cookie')
      const is = req.headers['x-session'] === `s${number}` && req.headers['x-number'] === number
      return end(is ? 200 : 403, is ? 'yes' : 'no')
    }
    default: return end(500, url.pathname)
  }
}

const server = protocol.createServer(reply)
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
process.stdin.resume().on('end', () => process.exit())
