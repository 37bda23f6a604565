# What the scripts of the pictures share: the arms and the captions, the colours, the texts of axes,
# and the two formats. Each loads it from the folder that they are in, before anything else.
#
# Reads arms.dat and caption.dat from the current folder (docs/pictures.md). Every text is read as a
# string and shown with noenhanced, so that it never becomes part of a command.
reset
set encoding utf8
set datafile separator "\t"
set datafile missing
if (!exists("kinds")) { kinds = "svg png" } # gnuplot -e "kinds = 'svg'" draws one of them alone

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
pooled = rounds > 1 ? " merged" : ""
array caption[3]
array plain_caption[3]
stats 'caption.dat' using (caption[int($1) + 1] = strcol(2), \
                           plain_caption[int($1) + 1] = strcol(3), 1) nooutput
widest = 0 # of the labels, in characters
do for [i = 1:arms] { widest = strlen(label[i]) > widest ? strlen(label[i]) : widest }

# --- scales: p is a power of ten ---

power(x) = 10.0 ** floor(log10(x) + 1e-9) # at or below x
# The first of 1, 2 or 5 times p that is not below x, and the last that is not above it.
round_up(x, p) = x <= p * 1.000001 ? p : x <= 2 * p ? 2 * p : x <= 5 * p ? 5 * p : 10 * p
round_down(x, p) = x >= 5 * p * 0.999999 ? 5 * p : x >= 2 * p * 0.999999 ? 2 * p : p

# --- the texts of an axis ---

# "250 us", "1.5 s"
unit(ms) = ms < 0.9995e-3 ? sprintf("%.3g ns", ms * 1e6) : ms < 0.9995 ? sprintf("%.3g us", ms * 1e3) : \
           ms < 999.5 ? sprintf("%.3g ms", ms) : ms < 999500 ? sprintf("%.3g s", ms / 1e3) : sprintf("%.0f s", ms / 1e3)
# "250 ms", "1.5 kB", "20": without ".0" at the end.
plain(t) = strlen(t) > 2 && t[strlen(t) - 1:] eq ".0" ? t[:strlen(t) - 2] : t
amount(v, unit) = v == 0 ? "0" : unit eq "" && v < 1 ? sprintf("%g", v) : plain(gprintf("%.1s", v)) . (unit eq "" ? "" : " ") . \
                  (v >= 1 && v < 1000 ? "" : gprintf("%c", v)) . unit

# --- the palette: no script uses another colour, so that a page can replace each of them ---

# The arms: ten colours that stay apart for colour-blind eyes. Of more arms the next ten look the
# same but for their last bit, so that each arm has a colour of its own, and nothing else has it.
array colours = [0x0C4EF3, 0xC32B03, 0x09817D, 0xE6388E, 0xC58520, \
                 0x3A95E2, 0x66081C, 0x89986C, 0x810083, 0x70614F]
colour(i) = colours[(i - 1) % 10 + 1] + (i - 1) / 10
ink = 0x333333; grey = 0x696969; faint = 0xE4E4E4; paper = 0xFFFFFF; background = "#ffffff"
limit_line = 0xB3261E; beyond = 0xF9ECE6; within = 0xF3F3F3
# From a light blue for a small share to a dark one for all. The root tells small shares apart.
array shades = [0xDAE8F5, 0xBBD0E6, 0x9CB7D6, 0x7D9FC5, 0x5E86B3, 0x416CA0, 0x264F86, 0x082864]
shade(share) = shades[share > 0 && share < 1 ? 1 + int(8 * sqrt(share)) : 8] # NaN compares as false
# The marks of curves, so that they stay apart without their colours.
mark(i) = (i - 1) % 10 < 5 ? 2 * ((i - 1) % 5) + 5 : 2 * ((i - 1) % 5) + 4

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
svg = 'svg size width, height font "sans-serif,12" fontscale 1.2 background background'
# For eval: contains only names of variables, no text from outside.
terminal(kind) = "set terminal " . (kind eq "svg" ? svg : png)

# Where the axes of a panel are, for a page that shows the values under the pointer. With -e "axes = 1"
# and after plot, `evaluate say_axes` adds a line to NAME.axes: the panel p; its left, right, top and
# bottom edge as shares of the picture; the ends of the axis below, and whether it is logarithmic.
say_axes = 'if (exists("axes") && kind eq "svg") { \
    set print output . ".axes" append; \
    print sprintf("%d %.5f %.5f %.5f %.5f %.9g %.9g %d", p, \
                  1.0 * GPVAL_TERM_XMIN / width, 1.0 * GPVAL_TERM_XMAX / width, \
                  1 - 1.0 * GPVAL_TERM_YMAX / height, 1 - 1.0 * GPVAL_TERM_YMIN / height, \
                  GPVAL_X_MIN, GPVAL_X_MAX, log_x); \
    set print }'
