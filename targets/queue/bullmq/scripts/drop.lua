-- drop: removes a queue that was made for one run, some jobs in each call.
--
-- ARGV   1 the first id that is not removed yet, 2 how many jobs to remove
-- Reply  the next id to begin with; 0 when all is gone
--
-- The jobs are those of the counter, with what can lie beside them. All other keys go with the last
-- call. UNLINK gives the memory back on another thread.
local SUFFIXES = { '', ':lock', ':logs' }
local TOGETHER = 500
local first, last = tonumber(ARGV[1]), look().last_id
local until_id = math.min(last, first + tonumber(ARGV[2]) - 1)
local keys = {}

for i = first, until_id do
    local key = QUEUE .. string.format('%.0f', i)
    for _, suffix in ipairs(SUFFIXES) do
        keys[#keys + 1] = key .. suffix
    end
    if i == until_id or #keys >= TOGETHER then
        call('UNLINK', unpack(keys))
        keys = {}
    end
end
if until_id < last then
    return until_id + 1
end
call('UNLINK', META, ID, EVENTS, WAIT, ACTIVE, STALLED, PRIORITIZED, DELAYED, COMPLETED, FAILED,
    PARENTS, MARKER, QUEUE .. 'paused', QUEUE .. 'pc', QUEUE .. 'limiter',
    QUEUE .. 'stalled-check')
return 0
