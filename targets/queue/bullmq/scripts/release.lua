-- release: gives jobs back that were taken and not run, or not to their end.
--
-- ARGV   for each job: id, token
-- Reply  how many were given back; of those that are lost nothing is changed.
--
-- The protocol has no word for it: it undoes a take. The last one named is the next that will be
-- taken, before all others of its priority, and no attempt is used up.
look()
local given_back = 0

local function give_back(id)
    local job = read_job(id, 'priority', 'ats')
    local was_active = leave_active(id)
    if not (job and was_active) then
        return
    end
    local priority = number(job[3], 0)
    if priority > 0 then
        call('ZADD', PRIORITIZED, priority * PRIORITY_STEP, id)
    else
        call('RPUSH', WAIT, id)
    end
    call('HDEL', QUEUE .. id, 'processedOn')
    call('HSET', QUEUE .. id, 'ats', math.max(0, number(job[4], 1) - 1))
    given_back = given_back + 1
end

for i = 1, #ARGV, 2 do
    if check_lock(ARGV[i], ARGV[i + 1]) == 0 then
        give_back(ARGV[i])
    end
end
if given_back > 0 then
    wake()
end
return given_back
