# What the two pictures of a sweep share: its texts, its options and their values. After common.gp.
#
# Reads text.dat, axes.dat and values.dat (docs/pictures.md).
# Gives    text_of(1), text_of(2)         the title and the figure, as the picture of this kind has them
#          option(a)                      the name of option 1 or 2
#          scale[a]                       0 names, 1 linear, 2 logarithmic
#          is_time                        the figure is in ms
#          counts[a]                      how many values; of value k (from 1) of option 1:
#          value1[k], label1(k), cpu1[k]  and the same with 2
array text[2]
array plain_text[2]
stats 'text.dat' using (text[int($1) + 1] = strcol(2), plain_text[int($1) + 1] = strcol(3), 1) nooutput
array options[2]
array plain_options[2]
array scale[2]
array counts[2]
is_time = 0
stats 'axes.dat' using (options[int($1) + 1] = strcol(2), plain_options[int($1) + 1] = strcol(3), \
                        scale[int($1) + 1] = $4, is_time = int($5), 1) nooutput
counts[1] = 0; counts[2] = 0
stats 'values.dat' using (counts[int($1) + 1] = counts[int($1) + 1] + 1, 1) nooutput
array value1[counts[1]]
array names1[counts[1]]
array plain_names1[counts[1]]
array cpu1[counts[1]]
array value2[counts[2] > 0 ? counts[2] : 1]
array names2[counts[2] > 0 ? counts[2] : 1]
array plain_names2[counts[2] > 0 ? counts[2] : 1]
array cpu2[counts[2] > 0 ? counts[2] : 1]
stats 'values.dat' using ($1 == 0 ? (value1[int($2) + 1] = $3, names1[int($2) + 1] = strcol(4), \
                                     plain_names1[int($2) + 1] = strcol(5), cpu1[int($2) + 1] = strcol(6)) \
                                  : (value2[int($2) + 1] = $3, names2[int($2) + 1] = strcol(4), \
                                     plain_names2[int($2) + 1] = strcol(5), cpu2[int($2) + 1] = strcol(6)), 1) nooutput
text_of(i) = kind eq "svg" ? text[i] : plain_text[i]
option(a) = kind eq "svg" ? options[a] : plain_options[a]
label1(k) = kind eq "svg" ? names1[k] : plain_names1[k]
label2(k) = kind eq "svg" ? names2[k] : plain_names2[k]
