-- prelude: what the scripts of a queue share. It precedes each of them: a client sends prelude.lua
-- and the script as one text.
--
-- KEYS[1]  PREFIX:QUEUE:meta. All other keys begin with PREFIX:QUEUE:, so that one declared key
--          determines the slot; on a cluster the prefix or the queue's name needs braces.
-- Units    times are milliseconds since 1970, by the client's clock. Numbers are passed to
--          redis.call as numbers: as text Lua gives them 14 digits, and the score of a delayed job
--          has 16.
-- Errors   when a script fails halfway, what it has done stays done. So each script checks all keys
--          of the queue before it writes: a wrong type refuses the whole script. When memory is
--          full, Redis refuses a script at its first write, or not at all: scripts that must go on
--          (all except add) begin with a write that needs no memory.
--
-- Some of what the library does is left out, because nothing relies on it: the events added,
-- waiting, active, delayed, drained and retries-exhausted; the name of the worker in the job; the
-- default of opts.maxLenEvents in meta.
local call = redis.call
local QUEUE = KEYS[1]:sub(1, -#'meta' - 1)
local META, ID, EVENTS = KEYS[1], QUEUE .. 'id', QUEUE .. 'events'
local WAIT, ACTIVE, STALLED = QUEUE .. 'wait', QUEUE .. 'active', QUEUE .. 'stalled'
local PRIORITIZED, DELAYED = QUEUE .. 'prioritized', QUEUE .. 'delayed'
local COMPLETED, FAILED = QUEUE .. 'completed', QUEUE .. 'failed'
local PARENTS, MARKER = QUEUE .. 'waiting-children', QUEUE .. 'marker'

local AT_ONCE = 1000 -- arguments of a command; jobs that a script moves beside those of the caller
local DUE_STEP = 4096 -- the score of a delayed job is its time times this: room for ties
local PRIORITY_STEP = 2 ^ 32
-- Fields of our own in meta, so they are removed with the queue: how many failed jobs were removed,
-- and how many ids without a job were dropped.
local REMOVED_FAILED, MISSING = 'bench.removedFailed', 'bench.missing'
-- And one in a job: `ats` when a worker of ours took it. The library's workers add to `ats` alone.
local OUR_START = 'bench.ats'

-- The text is untrusted: returns `without` when it is not a number, or larger than any real one.
local function number(text, without)
    local n = tonumber(text or nil)
    return n and math.abs(n) <= 2 ^ 53 and n or without
end

-- Redis formats each number that it is given, which takes longer than storing it. Most counts are
-- among a few, so their texts are kept.
local texts = {}
local function text_of(count)
    if not texts[count] then
        texts[count] = string.format('%.0f', count)
    end
    return texts[count]
end

local function each_slice(list, f)
    for first = 1, #list, AT_ONCE do
        f(unpack(list, first, math.min(first + AT_ONCE - 1, #list)))
    end
end

-- The reply to a command; when the key has another type, an error that names the key.
local function read(command, key, ...)
    local reply = redis.pcall(command, key, ...)
    if type(reply) == 'table' and reply.err then
        error('the key ' .. key .. ' cannot be used: ' .. reply.err, 0)
    end
    return reply
end

-- The number in a key; 0 when the key does not exist.
local function read_number(key)
    local text = read('GET', key)
    if text and number(text, 0.5) % 1 ~= 0 then
        error('the key ' .. key .. ' cannot be used: it must be a whole number', 0)
    end
    return number(text, 0)
end

-- The figures of the queue. Writes nothing, and fails when a key has the wrong type or value.
local function look()
    read('XLEN', EVENTS)
    read('SCARD', STALLED)
    read('ZCARD', MARKER)
    read_number(QUEUE .. 'pc')
    read_number(QUEUE .. 'limiter')
    return {
        waiting = read('LLEN', WAIT) + read('LLEN', QUEUE .. 'paused') + read('ZCARD', PRIORITIZED),
        delayed = read('ZCARD', DELAYED),
        active = read('LLEN', ACTIVE),
        parents = read('ZCARD', PARENTS),
        completed = read('ZCARD', COMPLETED),
        failed = read('ZCARD', FAILED),
        removed_failed = number(read('HGET', META, REMOVED_FAILED), 0),
        missing = number(read('HGET', META, MISSING), 0),
        last_id = read_number(ID),
    }
end

-- { waiting, delayed, active, completed, failed, missing }, as counts.lua explains them.
local function counts(seen)
    local failed = seen.failed + seen.removed_failed
    local not_ended = seen.waiting + seen.delayed + seen.active + seen.parents
    local completed = seen.last_id - not_ended - failed
    completed = math.max(completed, seen.completed)
    return { seen.waiting, seen.delayed, seen.active, completed, failed, seen.missing }
end

-- How many more jobs may become active, and the reason for the limit: 'paused' or 'full'.
local function places()
    local paused, concurrency = unpack(call('HMGET', META, 'paused', 'concurrency'))
    if paused then
        return 0, 'paused'
    end
    local most = math.floor(number(concurrency, 2 ^ 53))
    return math.max(0, most - call('LLEN', ACTIVE)), 'full'
end

-- Wakes one of the workers that sleep. A worker that takes jobs and leaves some wakes the next.
local function wake()
    if places() > 0 then
        call('ZADD', MARKER, 0, '0')
    end
end

local function wake_if_jobs_wait()
    if call('LLEN', WAIT) + call('ZCARD', PRIORITIZED) > 0 then
        wake()
    end
end

-- Removes the oldest events; those that this script adds are trimmed by the next.
local function trim_events()
    local most = number(call('HGET', META, 'opts.maxLenEvents'), 10000)
    call('XTRIM', EVENTS, 'MAXLEN', '~', math.max(0, math.floor(most)))
end

-- The name, the data and these fields of a job; nil when the key is not a job.
local function read_job(id, ...)
    local values = redis.pcall('HMGET', QUEUE .. id, 'name', 'data', ...)
    if values.err or not (values[1] or values[2]) then
        return nil
    end
    return values
end

-- Puts the job behind all others of its priority.
local function add_prioritized(id, priority)
    local order = call('INCR', QUEUE .. 'pc') % PRIORITY_STEP
    call('ZADD', PRIORITIZED, priority * PRIORITY_STEP + order, id)
end

-- When the next delayed job is due; nil when no job is delayed.
local function next_due()
    local score = call('ZRANGE', DELAYED, 0, 0, 'WITHSCORES')[2]
    return score and math.floor(math.min(score / DUE_STEP, 2 ^ 53))
end

-- 0 when the job is locked with this token; otherwise the code of the reason, see finish.lua.
local function check_lock(id, token)
    local holder = call('GET', QUEUE .. id .. ':lock')
    if not holder then
        return -2
    end
    return holder == token and 0 or -6
end

-- Makes the job inactive. False when it was not active.
local function leave_active(id)
    call('DEL', QUEUE .. id .. ':lock')
    call('SREM', STALLED, id)
    return call('LREM', ACTIVE, -1, id) > 0
end

