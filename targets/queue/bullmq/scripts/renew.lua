-- renew: keeps the locks of jobs for another whole lock time.
--
-- ARGV   1 lock time in ms, then for each job: id, token
-- Reply  the ids of the jobs that are lost: their lock ended or belongs to another worker, and the
--        job runs elsewhere, or will; or the job was removed, and is made inactive here. The caller
--        must drop them.
--
-- This is the protocol's "renew locks". The id is removed from `stalled` first, which needs no
-- memory, so no worker loses a job because memory is full.
look()
local lock_ms = ARGV[1]
local lost = {}
for i = 2, #ARGV, 2 do
    local id, token = ARGV[i], ARGV[i + 1]
    if check_lock(id, token) == 0 and call('EXISTS', QUEUE .. id) == 0 then
        leave_active(id)
        lost[#lost + 1] = id
    elseif check_lock(id, token) == 0 then
        call('SREM', STALLED, id)
        call('SET', QUEUE .. id .. ':lock', token, 'PX', lock_ms)
    else
        lost[#lost + 1] = id
    end
end
return lost
