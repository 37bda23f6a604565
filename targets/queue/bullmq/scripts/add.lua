-- add: stores a batch of jobs at the end of the queue.
--
-- ARGV   1 now, 2 name, 3 opts (a JSON object), 4... the data of each job (a JSON object)
-- Reply  { id of the first job, waiting, delayed, active, completed, failed, missing }. The other
--        jobs have the ids that follow. The counts are those of counts.lua, including these jobs.
--
-- This is the protocol's "add a standard job": an id from the counter, the job's hash, the id in
-- `wait`, a marker for a sleeping worker. The fields and their order are the library's, so that a
-- waiting job takes as much memory as one of the library's. Redis stores a hash compactly while no
-- value is longer than hash-max-listpack-value (64 bytes), so opts should be shorter.
--
-- The ids are a range of the counter, so no other producer gets one of them. The increment is the
-- first write: when memory is full, Redis stores nothing at all.
local now, name, opts = ARGV[1], ARGV[2], ARGV[3]
local FIRST_DATA = 4
local count = #ARGV - FIRST_DATA + 1
local seen = look()
local first = call('INCRBY', ID, count) - count + 1
local ids = {}

for i = 1, count do
    ids[i] = string.format('%.0f', first + i - 1)
    call('HSET', QUEUE .. ids[i], 'name', name, 'data', ARGV[FIRST_DATA + i - 1], 'opts', opts,
        'timestamp', now, 'delay', '0', 'priority', '0')
end
each_slice(ids, function(...)
    call('LPUSH', WAIT, ...)
end)
wake()

seen.last_id = seen.last_id + count
seen.waiting = seen.waiting + count
return { first, unpack(counts(seen)) }
