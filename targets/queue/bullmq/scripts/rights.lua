-- rights: whether the user may run all commands of the other scripts. Without the right, a script
-- would fail halfway.
--
-- ARGV   none
-- Reply  the name of a command that the user may not run on these keys; nil when there is none
--
-- Each command is tried on a key that nothing else uses. Only errors about rights matter here, not
-- those about the type of the key or the state of the server.
local KEY = QUEUE .. 'rights'
local COMMANDS = {
    { 'EXISTS', KEY }, { 'GET', KEY }, { 'MGET', KEY }, { 'PTTL', KEY },
    { 'SET', KEY, '0', 'PX', 60000 }, { 'INCR', KEY }, { 'INCRBY', KEY, 0 },
    { 'PEXPIRE', KEY, 60000 }, { 'UNLINK', KEY },
    { 'HSET', KEY, 'field', '0' }, { 'HGET', KEY, 'field' }, { 'HMGET', KEY, 'field' },
    { 'HINCRBY', KEY, 'field', 0 }, { 'HDEL', KEY, 'field' },
    { 'LPUSH', KEY, '0' }, { 'RPUSH', KEY, '0' }, { 'LLEN', KEY }, { 'LRANGE', KEY, 0, 0 },
    { 'LPOS', KEY, '0' }, { 'LREM', KEY, 1, '0' }, { 'RPOP', KEY, 1 },
    { 'SADD', KEY, '0' }, { 'SCARD', KEY }, { 'SMEMBERS', KEY }, { 'SREM', KEY, '0' },
    { 'ZADD', KEY, 0, '0' }, { 'ZCARD', KEY }, { 'ZSCORE', KEY, '0' }, { 'ZRANGE', KEY, 0, 0 },
    { 'ZRANGEBYSCORE', KEY, 0, 0 }, { 'ZREVRANGEBYSCORE', KEY, 0, 0 }, { 'ZPOPMIN', KEY },
    { 'ZREM', KEY, '0' },
    { 'XADD', KEY, '*', 'field', '0' }, { 'XLEN', KEY }, { 'XTRIM', KEY, 'MAXLEN', 0 },
    { 'DEL', KEY },
}
local refused = false

for _, command in ipairs(COMMANDS) do
    local reply = redis.pcall(unpack(command))
    local text = type(reply) == 'table' and reply.err or ''
    if text:find('The user executing the script', 1, true) or text:find('NOPERM', 1, true) then
        refused = command[1]
    end
end
return refused
