-- take: makes jobs active and locks them for the caller.
--
-- ARGV   1 now, 2 token, 3 lock time in ms, 4 the most jobs (at least 1)
-- Reply  { why, ms, jobs }. Each job is { id, name, data, opts, atm, timestamp, defa, deid }; a
--        field that it does not have is nil. `defa` is a reason to fail the job without running it.
--        `why` is the reason that there are no more jobs, and `ms` is when there may be some (-1:
--        when there is a marker):
--          taken    there may be more at once
--          empty    no job waits; ms until the next delayed one is due
--          paused   the queue is paused; resuming it writes a marker
--          full     the queue's global concurrency is reached; the end of a job writes a marker
--          limited  the queue's rate limit is used up; ms until it is not
--          foreign  the jobs that wait are for the library's own workers; ms until the next try.
--                   Leave the marker to those workers until then
--
-- This is the protocol's "take the next job", for several jobs: promote delayed jobs that are due,
-- honour pause, global concurrency and rate limit, take `wait` before `prioritized`, lock, write a
-- marker. The library always writes the marker; here it is written only when jobs wait, which saves
-- the last wake-up.
--
-- A job is foreign if ending it takes more than this worker does: a child in a flow, or a job of a
-- scheduler. Foreign jobs stay in their places and the jobs behind them are taken, but a script
-- must be short: it passes over FOREIGN_MOST of them at most. It writes the marker each time, so
-- that a sleeping worker of the library wakes at once.
--
-- Popping needs no memory, so workers go on when memory is full; ending jobs frees memory.
local FOREIGN_MOST, FOREIGN_MS = 100, 1000
local now, token, lock_ms, most = tonumber(ARGV[1]), ARGV[2], ARGV[3], tonumber(ARGV[4])
local jobs, ids, limited, foreign, missing = {}, {}, 0, 0, 0

-- ---- what may be taken ----

-- How many jobs the queue's rate limit still allows, and its duration, nil without a limit.
local function rate_limit()
    local max, duration = unpack(call('HMGET', META, 'max', 'duration'))
    max, duration = number(max), number(duration)
    if not (max and duration) then
        return math.huge
    end
    local used = number(call('GET', QUEUE .. 'limiter'), 0)
    if used >= max and call('PTTL', QUEUE .. 'limiter') <= 0 then
        used = 0 -- without a time to live, the limit would never end
        call('DEL', QUEUE .. 'limiter')
    end
    return math.max(0, math.floor(max - used)), math.max(1, math.floor(duration))
end

local function count_against_limit(duration)
    local any = duration and limited > 0
    if any and call('INCRBY', QUEUE .. 'limiter', limited) == limited then
        call('PEXPIRE', QUEUE .. 'limiter', duration)
    end
end

local function promote()
    local due = call('ZRANGEBYSCORE', DELAYED, '-inf', (now + 1) * DUE_STEP - 1, 'LIMIT', 0, AT_ONCE)
    for _, id in ipairs(due) do
        local job = read_job(id, 'priority')
        call('ZREM', DELAYED, id)
        if job then
            local priority = number(job[3], 0)
            if priority > 0 then
                add_prioritized(id, priority)
            else
                call('LPUSH', WAIT, id)
            end
            call('HSET', QUEUE .. id, 'delay', 0)
        else
            missing = missing + 1
        end
    end
    return #due > 0
end

-- ---- taking ----

local function lock(id, starts)
    call('SET', QUEUE .. id .. ':lock', token, 'PX', lock_ms)
    local start = text_of(number(starts, 0) + 1)
    call('HSET', QUEUE .. id, 'processedOn', ARGV[1], 'ats', start, OUR_START, start)
end

-- False when the job is foreign. An id without a job is dropped and counted.
local function begin(id)
    local job = read_job(id, 'opts', 'atm', 'timestamp', 'defa', 'ats', 'deid', 'rjk', 'parentKey',
        'parent')
    if not job then
        missing = missing + 1
        return true
    end
    local name, data, opts, atm, timestamp, defa, ats, deid = unpack(job, 1, 8)
    if job[9] or job[10] or job[11] then
        return false
    end
    ids[#ids + 1] = id
    jobs[#jobs + 1] = { id, name, data, opts, atm, timestamp, defa, deid }
    limited = limited + (defa and 0 or 1)
    lock(id, ats)
    return true
end

-- Puts the jobs that are passed over back in their places.
local function take_from(room, pop, put_back)
    local passed = {}
    while #jobs < room and foreign < FOREIGN_MOST do
        local popped = pop(math.min(room - #jobs, AT_ONCE))
        if #popped == 0 then
            break
        end
        for _, id in ipairs(popped) do
            if not begin(id) then
                passed[#passed + 1] = id
                foreign = foreign + 1
            end
        end
    end
    for i = #passed, 1, -1 do
        put_back(passed[i])
    end
end

local function take(room)
    take_from(room, function(count)
        return call('RPOP', WAIT, count) or {}
    end, function(id)
        call('RPUSH', WAIT, id)
    end)
    local scores = {}
    take_from(room, function(count)
        local popped, found = call('ZPOPMIN', PRIORITIZED, count), {}
        for i = 1, #popped, 2 do
            found[#found + 1] = popped[i]
            scores[popped[i]] = popped[i + 1]
        end
        return found
    end, function(id)
        call('ZADD', PRIORITIZED, scores[id], id)
    end)
    each_slice(ids, function(...)
        call('LPUSH', ACTIVE, ...)
    end)
end

-- ---- the script ----

look()
local allowed, why_not = places()
local left, duration = rate_limit()
local room = math.min(most, allowed, left)
local promoted = promote()
take(room)
count_against_limit(duration)
if missing > 0 then
    redis.pcall('HINCRBY', META, MISSING, missing) -- fails if the field is not a number: ignored
end
if promoted or #jobs > 0 or foreign > 0 then
    wake_if_jobs_wait()
end

if #jobs == most then
    return { 'taken', 0, jobs }
elseif #jobs < room and foreign > 0 then
    return { 'foreign', FOREIGN_MS, jobs }
elseif #jobs < room then
    local due = next_due()
    return { 'empty', due and math.max(0, due - now) or -1, jobs }
elseif allowed <= left then
    return { why_not, -1, jobs }
end
return { 'limited', math.max(1, call('PTTL', QUEUE .. 'limiter')), jobs }
