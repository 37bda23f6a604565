// A server that a spike breaks: after so many requests each takes 2 s instead of 20 ms, for ever.
'use strict'
let left = Number(process.argv[2])
const answer = (req, res) => setTimeout(() => res.end('ok'), left-- > 0 ? 20 : 2000)
require('http').createServer(answer).listen(Number(process.env.PORT), '127.0.0.1')
