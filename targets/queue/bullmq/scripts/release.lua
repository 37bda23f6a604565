-- release: gives back jobs that were taken and not run, or not run to the end.
--
-- ARGV   for each job: id, token
-- Reply  how many were given back; a job whose lock is lost is not changed
--
-- The protocol does not have this step: it undoes a take. The last job in ARGV will be taken first,
-- before all others of its priority. No attempt is used up.
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
    call('HDEL', QUEUE .. id, 'processedOn', OUR_START)
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
