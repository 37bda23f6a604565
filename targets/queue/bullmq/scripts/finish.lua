-- finish: ends a batch of attempts of jobs that the caller holds.
--
-- ARGV   1 now, 2 keep rule of completed jobs, 3 keep rule of failed jobs (both for jobs without a
--        rule of their own), then seven for each job: id, token, end, text, more, and atm and deid
--        as take.lua returned them ('' for nil)
--          completed  text: the result (JSON; null when there is none); more: its keep rule or ''
--          failed     for good; text: the reason; more: its keep rule or ''
--          retry      text: the reason; more: the delay in ms, 0 to wait again at once
--        A keep rule is JSON text, as in the opts removeOnComplete and removeOnFail: true keeps
--        none, false all, a number that many of the newest; or {"count":, "age": s, "limit":}.
-- Reply  for each job 0, or the reason that it was not ended: -1 there is no such job, -2 its lock
--        ended, -6 the lock belongs to another worker, -3 it was locked and not active; and to
--        `completed` also -4 it has children that have not ended, -9 a child of it failed. Then the
--        job is not changed, except that -1 and -3 remove its lock and make it inactive.
--
-- This is the protocol's "complete" and "fail". The caller decides by the job's opts whether
-- another attempt follows a failed one, and when; with delay 0 the job goes behind those that wait
-- (before them with opts.lifo) or behind those of its priority. Each end writes an event with what
-- job.waitUntilFinished and QueueEvents read. The job's deduplication key is removed unless it has
-- a time to live, and the job that it held back (keepLastIfActive) is added. When jobs wait, a
-- marker is written, whether the caller takes more or not.
--
-- Trimming the events is the first write and needs no memory, so jobs can be ended when memory is
-- full.
local FIRST, STRIDE = 4, 7
local now = tonumber(ARGV[1])
local sets = {
    completed = { key = COMPLETED, default = ARGV[2], text = 'returnvalue' },
    failed = { key = FAILED, default = ARGV[3], text = 'failedReason' },
}

for _, set in pairs(sets) do
    set.kept, set.removed = {}, 0
end

-- ---- removal ----

-- { count, age, limit } of a rule's text; a rule that cannot be read keeps all jobs.
local rules = {}
local function rule_of(text)
    if not rules[text] then
        local known, given = pcall(cjson.decode, text)
        local rule = { count = -1 }
        if known and given == true then
            rule.count = 0
        elseif known and type(given) == 'number' then
            rule.count = math.floor(number(given, -1))
        elseif known and type(given) == 'table' then
            rule.count = math.floor(number(given.count, -1))
            rule.age, rule.limit = number(given.age), math.floor(number(given.limit, AT_ONCE))
        end
        rules[text] = rule
    end
    return rules[text]
end

local BESIDE = { ':logs', ':dependencies', ':processed', ':failed', ':unsuccessful' }

-- Most jobs have none of these keys, and EXISTS is cheaper than a DEL, which Redis writes to its
-- append-only file.
local function remove_beside(keys)
    local beside = {}
    for _, key in ipairs(keys) do
        for _, suffix in ipairs(BESIDE) do
            beside[#beside + 1] = key .. suffix
        end
    end
    each_slice(beside, function(...)
        if call('EXISTS', ...) > 0 then
            call('DEL', ...)
        end
    end)
end

local function remove_jobs(ids)
    local keys = {}
    for i, id in ipairs(ids) do
        keys[i] = QUEUE .. id
    end
    remove_beside(keys)
    each_slice(keys, function(...)
        call('DEL', ...)
    end)
end

local function remove(set, ids)
    remove_jobs(ids)
    each_slice(ids, function(...)
        call('ZREM', set.key, ...)
    end)
    set.removed = set.removed + #ids
end

-- Removes old jobs. A rule that became narrower may concern very many, so the number in one script
-- is limited. Of those that are too old the library removes the newest first, `limit` at each end.
local function trim(set)
    local rule, most, ended = set.rule, AT_ONCE + #ARGV, #set.kept / 2
    each_slice(set.kept, function(...)
        call('ZADD', set.key, ...)
    end)
    set.kept = {}
    if rule and rule.age then
        local limit = math.max(rule.limit, math.min(rule.limit * ended, most))
        remove(set, call('ZREVRANGEBYSCORE', set.key, now - rule.age * 1000, '-inf', 'LIMIT', 0,
            limit))
    end
    if rule and rule.count > 0 then
        local excess = math.min(call('ZCARD', set.key) - rule.count, most)
        if excess > 0 then
            remove(set, call('ZRANGE', set.key, 0, excess - 1))
        end
    end
end

-- Jobs with the same rule are gathered, and trimmed together.
local function keep(set, id, rule)
    if set.rule ~= rule then
        trim(set)
        set.rule = rule
    end
    set.kept[#set.kept + 1] = ARGV[1]
    set.kept[#set.kept + 1] = id
end

-- ---- ends ----

local function decoded(text)
    local known, value = pcall(cjson.decode, text or '')
    return known and type(value) == 'table' and value or {}
end

-- Applies the library's limit on a job's stack traces; 0 keeps none.
local function with_trace(job, reason)
    local list = decoded(job.traces)
    local limit = math.max(0, number(decoded(job.opts).stackTraceLimit, 2 ^ 53))
    list[#list + 1] = reason
    while #list > limit do
        table.remove(list, 1)
    end
    return #list > 0 and cjson.encode(list) or '[]'
end

local function free_deduplication(id, deduplication_id)
    local key = QUEUE .. 'de:' .. deduplication_id
    if redis.pcall('GET', key) == id and call('PTTL', key) < 0 then
        call('DEL', key)
    end
end

-- Jobs that are due in the same millisecond keep their order.
local function add_delayed(id, due)
    local first, last = due * DUE_STEP, due * DUE_STEP + DUE_STEP - 1
    local newest =
        call('ZREVRANGEBYSCORE', DELAYED, last, first, 'WITHSCORES', 'LIMIT', 0, 1)[2]
    call('ZADD', DELAYED, newest and math.min(newest + 1, last) or first, id)
    call('ZADD', MARKER, next_due(), '1')
end

local function let_wait(job)
    if job.priority > 0 then
        add_prioritized(job.id, job.priority)
    elseif decoded(job.opts).lifo == true then
        call('RPUSH', WAIT, job.id)
    else
        call('LPUSH', WAIT, job.id)
    end
end

local function hold_deduplication(id, rule)
    local key, ttl = QUEUE .. 'de:' .. rule.id, math.floor(number(rule.ttl, 0))
    if ttl > 0 and not rule.keepLastIfActive then
        call('SET', key, id, 'PX', ttl)
    else
        call('SET', key, id)
    end
end

-- The library keeps a job that it holds back in a hash: 'pk', 'pd' and 'rjk' become fields of the
-- job, and the set 'pdk' is that of its parent's children.
local HELD = { 'name', 'data', 'opts', 'jid', 'pk', 'pd', 'rjk', 'pdk' }

-- False when the key has another type.
local function set_fields(id, ...)
    local stored = redis.pcall('HSET', QUEUE .. id, ...)
    return not (type(stored) == 'table' and stored.err)
end

local function store_held_back(id, deduplication_id, held, opts)
    local fields = { 'timestamp', ARGV[1], 'delay', number(opts.delay, 0), 'priority',
        number(opts.priority, 0), 'deid', deduplication_id }
    local names = { 'name', 'data', 'opts', false, 'parentKey', 'parent', 'rjk' }
    for i, name in ipairs(names) do
        if name and held[i] then
            fields[#fields + 1], fields[#fields + 2] = name, held[i]
        end
    end
    return set_fields(id, unpack(fields))
end

-- Adds the job that waited for the end of the one with this deduplication id. One that cannot be
-- stored stays held back.
local function add_held_back(deduplication_id)
    local key = QUEUE .. 'dn:' .. deduplication_id
    local held = redis.pcall('HMGET', key, unpack(HELD))
    if held.err or not (held[1] and held[2]) then
        return
    end
    local opts = decoded(held[3])
    local rule = type(opts.de) == 'table' and opts.de or {}
    local next_id = string.format('%.0f', call('INCR', ID)) -- counted also with an id of its own
    local job = { id = held[4] or next_id, opts = held[3], priority = number(opts.priority, 0) }
    local delay_ms = number(opts.delay, 0)
    rule.id = deduplication_id
    if not store_held_back(job.id, deduplication_id, held, opts) then
        return
    end
    hold_deduplication(job.id, rule)
    if delay_ms > 0 then
        add_delayed(job.id, now + delay_ms)
    else
        let_wait(job)
    end
    if held[8] then
        redis.pcall('SADD', held[8], QUEUE .. job.id)
    end
    call('DEL', key)
end

local function store_end(job, what, text, more, ...)
    local set = sets[what]
    local rule = rule_of(more == '' and set.default or more)
    if rule.count == 0 then
        remove_jobs({ job.id })
        set.removed = set.removed + 1
    elseif set_fields(job.id, 'atm', job.attempts, set.text, text, 'finishedOn', ARGV[1], ...) then
        keep(set, job.id, rule)
    else
        return false
    end
    if job.deduplication_id then
        free_deduplication(job.id, job.deduplication_id)
        add_held_back(job.deduplication_id)
    end
    call('XADD', EVENTS, '*', 'event', what, 'jobId', job.id, set.text, text, 'prev', 'active')
    return true
end

local ends = {}

function ends.completed(job, result, rule)
    return store_end(job, 'completed', result, rule)
end

function ends.failed(job, reason, rule)
    redis.pcall('HDEL', QUEUE .. job.id, 'defa')
    return store_end(job, 'failed', reason, rule, 'stacktrace', with_trace(job, reason))
end

function ends.retry(job, reason, delay)
    local delay_ms = tonumber(delay)
    if not set_fields(job.id, 'atm', job.attempts, 'failedReason', reason, 'stacktrace',
        with_trace(job, reason), 'delay', delay) then
        return false
    elseif delay_ms > 0 then
        add_delayed(job.id, now + delay_ms)
    else
        let_wait(job)
    end
    return true
end

-- ---- which jobs may end ----

-- The arguments of the nth job.
local function words(n)
    local at = FIRST + (n - 1) * STRIDE
    return unpack(ARGV, at, at + STRIDE - 1)
end

-- The holders of all locks, in the order of the jobs. A key of another type has no holder.
local function lock_holders(locks)
    local holders = {}
    each_slice(locks, function(...)
        for _, holder in ipairs(call('MGET', ...)) do
            holders[#holders + 1] = holder
        end
    end)
    return holders
end

-- The jobs that do not exist. Usually all exist, and one command finds that out.
local function lost_jobs(keys)
    local existing, lost = 0, {}
    each_slice(keys, function(...)
        existing = existing + call('EXISTS', ...)
    end)
    if existing < #keys then
        for n, key in ipairs(keys) do
            lost[n] = call('EXISTS', key) == 0
        end
    end
    return lost
end

-- The jobs with children that have not ended (-4) or failed (-9). Usually there are none, and one
-- command finds that out.
local function jobs_with_children(keys)
    local sets, any, found = {}, 0, {}
    for n, key in ipairs(keys) do
        sets[2 * n - 1], sets[2 * n] = key .. ':dependencies', key .. ':unsuccessful'
    end
    each_slice(sets, function(...)
        any = any + call('EXISTS', ...)
    end)
    for n = 1, any > 0 and #keys or 0 do
        if call('EXISTS', sets[2 * n - 1]) == 1 then
            found[n] = -4
        elseif call('EXISTS', sets[2 * n]) == 1 then
            found[n] = -9
        end
    end
    return found
end

-- The fields of a job that the end of a failed attempt needs.
local function read_failed(job)
    local found = redis.pcall('HMGET', QUEUE .. job.id, 'stacktrace', 'opts', 'priority')
    job.traces, job.opts, job.priority = found[1], found[2], number(found[3], 0)
end

-- For each job 0 or the reason why it is not ended, and what its end needs; also the locks to
-- remove and the ids of the jobs to end, and of those that do not exist.
local function look_at_jobs()
    local keys, locks, answers, jobs, ours, ids = {}, {}, {}, {}, {}, {}
    for n = 1, (#ARGV - FIRST + 1) / STRIDE do
        keys[n] = QUEUE .. words(n)
        locks[n] = keys[n] .. ':lock'
    end
    local lost, parents = lost_jobs(keys), jobs_with_children(keys)
    for n, holder in ipairs(lock_holders(locks)) do
        local id, token, what, _, _, made, deduplication_id = words(n)
        if lost[n] and (not holder or holder == token) then
            answers[n], ours[#ours + 1], ids[#ids + 1] = -1, locks[n], id
        elseif not holder then
            answers[n] = -2
        elseif holder ~= token then
            answers[n] = -6
        elseif what == 'completed' and parents[n] then
            answers[n] = parents[n]
        else
            local job = { id = id, attempts = text_of(number(made, 0) + 1) }
            job.deduplication_id = deduplication_id ~= '' and deduplication_id
            if what ~= 'completed' then
                read_failed(job)
            end
            answers[n], jobs[n] = 0, job
            ours[#ours + 1], ids[#ids + 1] = locks[n], id
        end
    end
    return answers, jobs, ours, ids
end

-- ---- the script ----

look()
trim_events()
local answers, jobs, locks, ids = look_at_jobs()
each_slice(locks, function(...)
    call('DEL', ...)
end)
each_slice(ids, function(...)
    call('SREM', STALLED, ...)
end)
for n, answer in ipairs(answers) do
    if answer == -1 then
        call('LREM', ACTIVE, -1, (words(n)))
    elseif answer == 0 then
        local id, _, what, text, more = words(n)
        if call('LREM', ACTIVE, -1, id) == 0 then
            answers[n] = -3
        elseif not ends[what](jobs[n], text, more) then
            answers[n] = -1
        end
    end
end
trim(sets.completed)
trim(sets.failed)
if sets.failed.removed > 0 then
    call('HINCRBY', META, REMOVED_FAILED, sets.failed.removed)
end
wake_if_jobs_wait()
return answers
