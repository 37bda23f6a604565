-- sweep: lets jobs whose worker died or hangs wait again.
--
-- ARGV   1 the interval in ms, 2 how often a job may stall, 3 the reason to fail a job that stalled
--        more often
-- Reply  the ids of the jobs that wait again; empty when another worker swept in this interval
--
-- This is the protocol's stalled sweep. A job that was active at the last sweep and has no lock now
-- becomes the next to be taken. A worker that takes a job which stalled too often finds the reason
-- in `defa` and fails the job. Each worker requests a sweep at its start and in each interval.
--
-- The limit is that of our own workers, so it is for a job that one of them ran last. Workers of
-- the library have limits of their own (maxStalledCount), which are stored nowhere, and no limit
-- for jobs of a scheduler: their own sweeps fail the jobs that stalled too often with them.
local interval_ms, most_stalls, reason = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local GUARD = QUEUE .. 'stalled-check'
local recovered = {}

local function recover(id)
    local job = read_job(id, 'stc', 'ats', OUR_START)
    if not job then
        leave_active(id)
        return
    elseif call('EXISTS', QUEUE .. id .. ':lock') == 1 or call('LREM', ACTIVE, 1, id) == 0 then
        return
    end
    local stalls = number(job[3], 0) + 1
    call('HSET', QUEUE .. id, 'stc', stalls)
    if stalls > most_stalls and job[4] == job[5] then
        call('HSET', QUEUE .. id, 'defa', reason)
    end
    call('RPUSH', WAIT, id)
    call('XADD', EVENTS, '*', 'event', 'stalled', 'jobId', id)
    recovered[#recovered + 1] = id
end

look()
if call('EXISTS', GUARD) == 1 then
    return recovered
end
trim_events()
call('SET', GUARD, 1, 'PX', interval_ms)
local suspects = call('SMEMBERS', STALLED)
call('DEL', STALLED)
for _, id in ipairs(suspects) do
    recover(id)
end
each_slice(call('LRANGE', ACTIVE, 0, -1), function(...)
    call('SADD', STALLED, ...)
end)
if #recovered > 0 then
    wake()
end
return recovered
