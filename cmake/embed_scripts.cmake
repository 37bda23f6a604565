# Makes a C file of the Lua scripts of a queue on Redis, each with the prelude before it:
#   cmake -DFOLDER=targets/queue/bullmq/scripts -DNAMES=add,take,.. -DOUT=scripts.c -P embed_scripts.cmake
string(REPLACE "," ";" names "${NAMES}")
file(READ ${FOLDER}/prelude.lua prelude HEX)
set(texts "")
set(table "")
foreach(name IN LISTS names)
  file(READ ${FOLDER}/${name}.lua script HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${prelude}${script}")
  string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)" "\\1\n" bytes "${bytes}")
  string(APPEND texts "static const char text_of_${name}[] = {\n${bytes}0};\n")
  string(TOUPPER ${name} upper)
  string(APPEND table "    [REDIS_${upper}] = text_of_${name},\n")
endforeach()
file(WRITE ${OUT} "#include \"targets/queue/bullmq/scripts.h\"\n\n${texts}
const char *const redis_scripts[REDIS_SCRIPT_COUNT] = {\n${table}};\n")
