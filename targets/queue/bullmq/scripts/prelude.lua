-- prelude: what the scripts of a queue have in common. It stands before each of them: a client
-- sends prelude.lua and the script as one text.
--
-- KEYS[1]  PREFIX:QUEUE:meta. All other names begin as this one does, so that one declared key
--          tells the slot; a cluster needs the braces in the prefix or in the queue's name.
-- Units    times are the client's clock: milliseconds since 1970. Numbers go to redis.call as they
--          are: as text Lua gives them 14 digits, and the score of a delayed job has 16.
-- Errors   what a script has done stays when it fails in its middle. So each looks at all the keys
--          of the queue before it writes: a wrong type refuses all of it. Redis that is out of
--          memory refuses a script at its first write, or not at all: what must go on then (all but
--          adding) writes first with a command that takes no memory.
--
-- Left out of what the library does, because nothing relies on it: the events added, waiting,
-- active, delayed, drained and retries-exhausted; the name of the worker in the job; writing the
-- default of opts.maxLenEvents to meta.
local call = redis.call
local QUEUE = KEYS[1]:sub(1, -#'meta' - 1)
local META, ID, EVENTS = KEYS[1], QUEUE .. 'id', QUEUE .. 'events'
local WAIT, ACTIVE, STALLED = QUEUE .. 'wait', QUEUE .. 'active', QUEUE .. 'stalled'
local PRIORITIZED, DELAYED = QUEUE .. 'prioritized', QUEUE .. 'delayed'
local COMPLETED, FAILED = QUEUE .. 'completed', QUEUE .. 'failed'
local PARENTS, MARKER = QUEUE .. 'waiting-children', QUEUE .. 'marker'

local AT_ONCE = 1000 -- arguments of one command, jobs that one script moves beside the caller's
local DUE_STEP = 4096 -- the score of a delayed job is its time times this: room for ties
local PRIORITY_STEP = 2 ^ 32
-- A field of our own in meta, which goes when the queue does: failed jobs that were removed.
local REMOVED_FAILED = 'bench.removedFailed'

-- Anybody may have written it; what is no number, or more than any job comes to, is not one.
local function number(text, without)
    local n = tonumber(text or nil)
    return n and math.abs(n) <= 2 ^ 53 and n or without
end

-- Redis formats each number that it is given, which takes longer than to store it. Most counts are
-- the same few.
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

-- What a key says; an error that names the key when it is of another type.
local function ask(command, key, ...)
    local reply = redis.pcall(command, key, ...)
    if type(reply) == 'table' and reply.err then
        error('the key ' .. key .. ' cannot be used: ' .. reply.err, 0)
    end
    return reply
end

-- The number in it, 0 without one.
local function ask_number(key)
    local text = ask('GET', key)
    if text and number(text, 0.5) % 1 ~= 0 then
        error('the key ' .. key .. ' cannot be used: it holds no whole number', 0)
    end
    return number(text, 0)
end

-- All that there is to know about the queue. It writes nothing, and fails on a key that cannot be
-- what it must be.
local function look()
    ask('XLEN', EVENTS)
    ask('SCARD', STALLED)
    ask('ZCARD', MARKER)
    ask_number(QUEUE .. 'pc')
    ask_number(QUEUE .. 'limiter')
    return {
        waiting = ask('LLEN', WAIT) + ask('LLEN', QUEUE .. 'paused') + ask('ZCARD', PRIORITIZED),
        delayed = ask('ZCARD', DELAYED),
        active = ask('LLEN', ACTIVE),
        parents = ask('ZCARD', PARENTS),
        completed = ask('ZCARD', COMPLETED),
        failed = ask('ZCARD', FAILED),
        removed_failed = number(ask('HGET', META, REMOVED_FAILED), 0),
        last_id = ask_number(ID),
    }
end

-- { waiting, delayed, active, completed, failed }, as counts.lua explains them.
local function counts(seen)
    local failed = seen.failed + seen.removed_failed
    local on_their_way = seen.waiting + seen.delayed + seen.active + seen.parents
    local completed = seen.last_id - on_their_way - failed
    return { seen.waiting, seen.delayed, seen.active, math.max(completed, seen.completed), failed }
end

-- How many more jobs may become active, and why there is an end to it: 'paused' or 'full'.
local function places()
    local paused, concurrency = unpack(call('HMGET', META, 'paused', 'concurrency'))
    if paused then
        return 0, 'paused'
    end
    local most = math.floor(number(concurrency, 2 ^ 53))
    return math.max(0, most - call('LLEN', ACTIVE)), 'full'
end

-- Calls one of the workers that sleep. They call each other: one that takes jobs and leaves some
-- calls the next.
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

-- Those of the events added since go with the next.
local function trim_events()
    local most = number(call('HGET', META, 'opts.maxLenEvents'), 10000)
    call('XTRIM', EVENTS, 'MAXLEN', '~', math.max(0, math.floor(most)))
end

-- Fields of a job, after its name and data; nil when there is no job under this key.
local function read_job(id, ...)
    local values = redis.pcall('HMGET', QUEUE .. id, 'name', 'data', ...)
    if values.err or not (values[1] or values[2]) then
        return nil
    end
    return values
end

-- Behind those of its priority.
local function add_prioritized(id, priority)
    local turn = call('INCR', QUEUE .. 'pc') % PRIORITY_STEP
    call('ZADD', PRIORITIZED, priority * PRIORITY_STEP + turn, id)
end

-- When the next delayed job is due; nil without one.
local function next_due()
    local score = call('ZRANGE', DELAYED, 0, 0, 'WITHSCORES')[2]
    return score and math.floor(math.min(score / DUE_STEP, 2 ^ 53))
end

-- 0 when the job is locked with this token, else why it is not.
local function check_lock(id, token)
    local holder = call('GET', QUEUE .. id .. ':lock')
    if not holder then
        return -2
    end
    return holder == token and 0 or -6
end

-- The job is active no more. False when it was not.
local function leave_active(id)
    call('DEL', QUEUE .. id .. ':lock')
    call('SREM', STALLED, id)
    return call('LREM', ACTIVE, -1, id) > 0
end

