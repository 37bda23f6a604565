# What the scripts of the pictures share: the arms and the captions, the colours, and the two
# formats. Each loads it from the folder that they are in, before anything else.
#
# Reads arms.dat and caption.dat from the current folder (docs/pictures.md). Every text is read as a
# string and shown with noenhanced, so that it never becomes part of a command.
reset
set encoding utf8
if (!exists("kinds")) { kinds = "svg png" } # gnuplot -e "kinds = 'svg'" draws one of them alone
set datafile separator "\t"
set datafile missing

# --- the arms and the captions ---

set key autotitle columnheader # the first row holds names
stats 'arms.dat' using 1 nooutput
arms = int(STATS_records)
array label[arms]
array plain_label[arms]
array completed[arms]
rounds = 1
stats 'arms.dat' using (label[int($1) + 1] = strcol("label"), \
                        plain_label[int($1) + 1] = strcol("plain_label"), \
                        completed[int($1) + 1] = strcol("completed_text"), \
                        rounds = column("rounds") > rounds ? column("rounds") : rounds) nooutput
set key noautotitle
array caption[3]
array plain_caption[3]
stats 'caption.dat' using (caption[int($1) + 1] = strcol(2), \
                           plain_caption[int($1) + 1] = strcol(3), 1) nooutput

# --- scales: p is a power of ten ---

power(x) = 10.0 ** floor(log10(x) + 1e-9) # at or below x
# The first of 1, 2 or 5 times p that is not below x.
round_up(x, p) = x <= p * 1.000001 ? p : x <= 2 * p ? 2 * p : x <= 5 * p ? 5 * p : 10 * p

# --- colours that stay apart for colour-blind eyes ---

array colours = [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, \
                 0x56B4E9, 0x882255, 0x999933, 0x332288, 0x777777]
colour(i) = colours[(i - 1) % 10 + 1]
ink = 0x333333; faint = 0xE4E4E4; grey = 0x777777

# --- both formats: text in a PNG is drawn with the fonts of this machine ---

# A script sets kind ("svg" or "png"), width and height; these are pixels of the SVG, and the PNG is
# twice as large.
name(i) = kind eq "svg" ? label[i] : plain_label[i]
about(i) = kind eq "svg" ? caption[i] : plain_caption[i]
x(pixels) = pixels / width
y(pixels) = 1 - pixels / height
png = strstrt(GPVAL_TERMINALS, "pngcairo") > 0 \
      ? 'pngcairo size 2 * width, 2 * height font "sans-serif,12" fontscale 2 linewidth 2 pointscale 2' \
      : 'png size 2 * width, 2 * height font "DejaVuSans,12" fontscale 2 linewidth 2 truecolor'
svg = 'svg size width, height font "sans-serif,12" fontscale 1.2 background "#ffffff"'
# For eval: contains only names of variables, no text from outside.
terminal(kind) = "set terminal " . (kind eq "svg" ? svg : png)
