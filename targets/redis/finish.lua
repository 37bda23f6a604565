-- finish: ends attempts of jobs that the caller holds, all of a loop turn in one call.
--
-- ARGV   1 now, 2 keep rule of completed jobs, 3 keep rule of failed jobs (of those that have no
--        rule of their own), then for each job five: id, token, end, text, more
--          completed  text: the result (JSON; null when there is none); more: its keep rule or ''
--          failed     for good; text: the reason; more: its keep rule or ''
--          retry      text: the reason; more: the delay in ms, 0 to wait again at once
--        A keep rule is JSON text, as in the opts removeOnComplete and removeOnFail: true keeps
--        none, false all, a number so many of the newest; or {"count":, "age": s, "limit":}.
-- Reply  for each job 0, or why it was not ended: -1 there is no such job, -2 its lock ended, -6
--        the lock is somebody else's, -3 it was locked and not active. Nothing is changed then (but
--        in the last case the lock is dropped).
--
-- It is the protocol's "complete" and "fail". Whether a failed attempt is tried again, and when,
-- the caller decides from the job's opts; at once means behind those that wait (before them with
-- opts.lifo) or behind those of its priority. Each end is an event with what job.waitUntilFinished
-- and QueueEvents read. A deduplication key that is the job's and has no time to live is freed. A
-- marker is left when jobs wait, whether the caller takes more or not.
--
-- Trimming the events is the first write and takes no memory: what was done can be stored when
-- Redis has none left.
local FIRST, STRIDE = 4, 5
local now = tonumber(ARGV[1])
local sets = {
    completed = { key = COMPLETED, default = ARGV[2], text = 'returnvalue', removed = 0 },
    failed = { key = FAILED, default = ARGV[3], text = 'failedReason', removed = 0 },
}

-- ---- removal ----

-- { count, age, limit } of a rule's text; one that cannot be read keeps all.
local rules = {}
local function rule_of(text)
    if not rules[text] then
        local known, given = pcall(cjson.decode, text)
        local rule = { count = -1 }
        if known and given == true then
            rule.count = 0
        elseif known and type(given) == 'number' then
            rule.count = given
        elseif known and type(given) == 'table' then
            rule.count = tonumber(given.count) or -1
            rule.age, rule.limit = tonumber(given.age), tonumber(given.limit)
        end
        rules[text] = rule
    end
    return rules[text]
end

local function remove_job(id)
    local key = QUEUE .. id
    call('DEL', key, key .. ':logs', key .. ':dependencies', key .. ':processed', key .. ':failed',
        key .. ':unsuccessful')
end

local function remove(set, ids)
    for _, id in ipairs(ids) do
        remove_job(id)
    end
    each_slice(ids, function(...)
        call('ZREM', set.key, ...)
    end)
    set.removed = set.removed + #ids
end

-- The oldest go. When a rule has become narrower there may be very many: then some at a time.
local function trim(set)
    local rule = set.rule
    if rule and rule.age then
        remove(set, call('ZRANGEBYSCORE', set.key, 0, now - rule.age * 1000, 'LIMIT', 0,
            rule.limit or AT_ONCE))
    end
    if rule and rule.count > 0 then
        local excess = math.min(call('ZCARD', set.key) - rule.count, AT_ONCE + #ARGV)
        if excess > 0 then
            remove(set, call('ZRANGE', set.key, 0, excess - 1))
        end
    end
end

-- Jobs of one rule are kept first and trimmed together.
local function keep(set, id, rule)
    if set.rule ~= rule then
        trim(set)
        set.rule = rule
    end
    call('ZADD', set.key, now, id)
end

-- ---- ends ----

local function with_trace(traces, reason)
    local known, list = pcall(cjson.decode, traces or '[]')
    if not known or type(list) ~= 'table' then
        list = {}
    end
    list[#list + 1] = reason
    return cjson.encode(list)
end

local function free_deduplication(id, deduplication_id)
    local key = QUEUE .. 'de:' .. deduplication_id
    if redis.pcall('GET', key) == id and call('PTTL', key) < 0 then
        call('DEL', key)
    end
end

local function store_end(job, what, text, more)
    local set = sets[what]
    local rule = rule_of(more == '' and set.default or more)
    if rule.count == 0 then
        remove_job(job.id)
        set.removed = set.removed + 1
    else
        keep(set, job.id, rule)
        call('HSET', QUEUE .. job.id, set.text, text, 'finishedOn', ARGV[1], 'atm', job.attempts)
    end
    if job.deduplication_id then
        free_deduplication(job.id, job.deduplication_id)
    end
    call('XADD', EVENTS, '*', 'event', what, 'jobId', job.id, set.text, text, 'prev', 'active')
    return rule.count ~= 0
end

-- Those that are due in the same millisecond keep their order.
local function add_delayed(id, due)
    local first, last = due * DUE_STEP, due * DUE_STEP + DUE_STEP - 1
    local newest =
        call('ZREVRANGEBYSCORE', DELAYED, last, first, 'WITHSCORES', 'LIMIT', 0, 1)[2]
    call('ZADD', DELAYED, newest and math.min(newest + 1, last) or first, id)
    call('ZADD', MARKER, next_due(), '1')
end

local function wait_again(job)
    local known, opts = pcall(cjson.decode, job.opts or '{}')
    if job.priority > 0 then
        add_prioritized(job.id, job.priority)
    elseif known and type(opts) == 'table' and opts.lifo == true then
        call('RPUSH', WAIT, job.id)
    else
        call('LPUSH', WAIT, job.id)
    end
end

local ends = {}

function ends.completed(job, result, rule)
    store_end(job, 'completed', result, rule)
end

function ends.failed(job, reason, rule)
    if store_end(job, 'failed', reason, rule) then
        call('HSET', QUEUE .. job.id, 'stacktrace', with_trace(job.traces, reason))
        call('HDEL', QUEUE .. job.id, 'defa')
    end
end

function ends.retry(job, reason, delay)
    local delay_ms = tonumber(delay)
    call('HSET', QUEUE .. job.id, 'failedReason', reason, 'stacktrace',
        with_trace(job.traces, reason), 'atm', job.attempts, 'delay', delay_ms)
    if delay_ms > 0 then
        add_delayed(job.id, now + delay_ms)
    else
        wait_again(job)
    end
end

local function finish(id, token, what, text, more)
    local found = read_job(id, 'atm', 'deid', 'stacktrace', 'opts', 'priority')
    local why_not = found and check_lock(id, token) or -1
    if why_not ~= 0 then
        return why_not
    end
    if not leave_active(id) then
        return -3
    end
    ends[what]({
        id = id,
        attempts = (found[3] or 0) + 1,
        deduplication_id = found[4],
        traces = found[5],
        opts = found[6],
        priority = tonumber(found[7] or 0),
    }, text, more)
    return 0
end

-- ---- the call ----

look()
trim_events()
local done = {}
for i = FIRST, #ARGV, STRIDE do
    done[#done + 1] = finish(unpack(ARGV, i, i + STRIDE - 1))
end
trim(sets.completed)
trim(sets.failed)
if sets.failed.removed > 0 then
    call('HINCRBY', META, REMOVED_FAILED, sets.failed.removed)
end
wake_if_jobs_wait()
return done
