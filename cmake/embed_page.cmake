# Makes a C file of the style and the script of a page:
#   cmake -DFOLDER=harness/report/page -DOUT=assets.c -P embed_page.cmake
set(texts "")
set(css page.css)
set(js page.js tip.js) # one script
foreach(kind css js)
  set(text "")
  foreach(file ${${kind}})
    file(READ ${FOLDER}/${file} part HEX)
    string(APPEND text "${part}")
  endforeach()
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${text}")
  string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)" "\\1\n" bytes "${bytes}")
  string(APPEND texts "const char page_${kind}[] = {\n${bytes}0};\n")
endforeach()
file(WRITE ${OUT} "#include \"report/page/assets.h\"\n\n${texts}")
