// launcher.js MODE COUNT COMMAND...: starts COUNT shares of a run (COMMAND --share I/COUNT --start-at
// fd:3), whose standard output goes to the files 0.out, 1.out, ... When all are ready they are told one
// time. Prints {codes, t0_ns}: their exit codes, or signals, and that time.
// MODE says what is wrong: nothing (go), the time (past, garbage, endless, twice), when it is told
// (early), that the launcher closes its end (eof; late: once the first second is over) or exits (die:
// then it prints the process ids instead).
'use strict'
const { spawn } = require('child_process')
const { appendFileSync, writeFileSync } = require('fs')
const [mode, count, command, ...words] = process.argv.slice(2)
const start = { t0_ns: 0 }
const shares = []

function text () {
  switch (mode) {
    case 'garbage': return 'now\n'
    case 'endless': return '1'.repeat(100)
    case 'twice': return `${start.t0_ns}\n${start.t0_ns}\n`
    default: return `${start.t0_ns}\n`
  }
}

function tell () {
  // Long enough for a busy machine; a time that is past is an error of its own.
  start.t0_ns = Number(process.hrtime.bigint()) + (mode === 'past' ? -1e9 : 2e9)
  for (const share of shares) {
    if (mode === 'eof') share.socket.destroy()
    else share.socket.write(text())
  }
}

function onLine (share) {
  if (mode === 'late') share.socket.destroy()
  if (mode !== 'die') return
  console.log(shares.map(s => s.child.pid).join(' '))
  process.exit()
}

for (let i = 0; i < Number(count); i++) {
  const child = spawn(command, [...words, '--share', `${i}/${count}`, '--start-at', 'fd:3'],
    { stdio: ['ignore', 'pipe', 'inherit', 'pipe'] })
  const share = { child, socket: child.stdio[3], code: null, isReady: false }
  shares.push(share)
  writeFileSync(`${i}.out`, '')
  child.stdout.on('data', data => { appendFileSync(`${i}.out`, data); onLine(share) })
  share.socket.on('error', () => {})
  share.socket.on('data', data => {
    if (String(data) !== 'ready\n') throw new Error(`not ready: ${data}`)
    share.isReady = true
    if (shares.every(s => s.isReady)) tell()
  })
  if (mode === 'early') share.socket.write('1\n')
  child.on('close', (code, signal) => {
    share.code = signal || code
    if (shares.every(s => s.code !== null)) {
      console.log(JSON.stringify({ codes: shares.map(s => s.code), t0_ns: start.t0_ns }))
      process.exit()
    }
  })
}
