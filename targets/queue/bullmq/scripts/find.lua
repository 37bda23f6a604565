-- find: one job and where it is.
--
-- ARGV   1 id
-- Reply  { state, data, opts, returnvalue, failedReason, atm, ats, timestamp, processedOn,
--        finishedOn }, or nil when there is no such job. A field that the job does not have is nil.
--        The states are the library's: completed, failed, delayed, prioritized, waiting-children,
--        active, waiting.
--
-- `wait` is long, so it is not searched: a job that is nowhere else is there. The id may be any
-- text, so a key that is not a job's is not an error.
local id = ARGV[1]
local job = read_job(id, 'opts', 'returnvalue', 'failedReason', 'atm', 'ats', 'timestamp',
    'processedOn', 'finishedOn')
if not job then
    return false
end

local function state()
    local sets = { 'completed', 'failed', 'delayed', 'prioritized', 'waiting-children' }
    for _, name in ipairs(sets) do
        if call('ZSCORE', QUEUE .. name, id) then
            return name
        end
    end
    return call('LPOS', ACTIVE, id) and 'active' or 'waiting'
end

job[1] = state()
return job
