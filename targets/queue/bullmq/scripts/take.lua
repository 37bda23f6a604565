-- take: makes jobs active and locks them for the caller.
--
-- ARGV   1 now, 2 token, 3 lock time in ms, 4 the most jobs (at least 1)
-- Reply  { why, ms, jobs }. Each job is { id, name, data, opts, atm, timestamp, defa, deid };
--        what it does not have is nil. `defa` is a reason to fail it for good and not run it.
--        `why` there are not more jobs, and in how many ms there may be (-1: when there is a
--        marker):
--          taken    there may be at once
--          empty    no job waits; ms until the next delayed one is due
--          paused   the queue is; resuming it writes a marker
--          full     as many are active as the queue's global concurrency allows; an end writes one
--          limited  the queue's rate limit is used up; ms until it is not
--          foreign  those that wait are for the library's own workers; ms until another look. Until
--                   then leave the marker alone: it is for them
--
-- It is the protocol's "take the next job", several times in one: promote what is due, honour
-- pause, global concurrency and rate limit, `wait` before `prioritized`, lock, leave a marker. The
-- library leaves one always; here it is left when jobs wait, which saves the last wake-up.
--
-- Foreign are the jobs whose end asks for more than this worker does: children in a flow, jobs of a
-- scheduler, and those that hold back a deduplicated successor. They stay in their places and those
-- behind them are taken, past FOREIGN_MOST of them and no more: a script must be short. The marker
-- is written again each time, so that a worker of the library that sleeps is called at once.
--
-- Popping takes no memory, so workers go on when Redis has none left; it is ended jobs that make
-- room.
local FOREIGN_MOST, FOREIGN_MS = 100, 1000
local now, token, lock_ms, most = tonumber(ARGV[1]), ARGV[2], ARGV[3], tonumber(ARGV[4])
local jobs, ids, limited, foreign = {}, {}, 0, 0

-- ---- what may be taken ----

-- How many the queue's rate limit has left, and how long it lasts; nil without one.
local function rate_limit()
    local max, duration = unpack(call('HMGET', META, 'max', 'duration'))
    max, duration = number(max), number(duration)
    if not (max and duration) then
        return math.huge
    end
    local used = number(call('GET', QUEUE .. 'limiter'), 0)
    if used >= max and call('PTTL', QUEUE .. 'limiter') <= 0 then
        used = 0 -- nothing would ever end it
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
        end
    end
    return #due > 0
end

-- ---- taking ----

local function lock(id, starts)
    call('SET', QUEUE .. id .. ':lock', token, 'PX', lock_ms)
    call('HSET', QUEUE .. id, 'processedOn', ARGV[1], 'ats', text_of(number(starts, 0) + 1))
end

-- False when it is foreign. An id without a job is forgotten.
local function begin(id)
    local job = read_job(id, 'opts', 'atm', 'timestamp', 'defa', 'ats', 'deid', 'rjk', 'parentKey',
        'parent')
    if not job then
        return true
    end
    local name, data, opts, atm, timestamp, defa, ats, deid = unpack(job, 1, 8)
    local holds_back = deid and opts and opts:find('"keepLastIfActive":true', 1, true)
    if job[9] or job[10] or job[11] or holds_back then
        return false
    end
    ids[#ids + 1] = id
    jobs[#jobs + 1] = { id, name, data, opts, atm, timestamp, defa, deid }
    limited = limited + (defa and 0 or 1)
    lock(id, ats)
    return true
end

-- Those that are passed over go back to where they were.
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

-- ---- the call ----

look()
local allowed, why_not = places()
local left, duration = rate_limit()
local room = math.min(most, allowed, left)
local promoted = promote()
take(room)
count_against_limit(duration)
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
