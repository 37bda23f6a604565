-- drop: removes a queue that was made for one run, a part of it in each request.
--
-- ARGV   1 the first id that is not removed yet, 2 how many jobs to remove
-- Reply  the id to begin with in the next request; 0 when everything is removed
--
-- The jobs are found by the counter of ids, and are removed with the keys that can belong to them.
-- The last request removes all other keys. UNLINK frees the memory on another thread.
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
