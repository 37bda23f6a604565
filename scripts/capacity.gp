# The search for the capacity: each trial at its rate, a row for each arm: capacity.svg and
# capacity.png.
#
#   bench report CAPACITY --data DIR && cd DIR && gnuplot PATH/TO/capacity.gp
#
# Reads arms.dat, caption.dat, text.dat, intervals.dat and trials.dat from the current folder
# (docs/pictures.md). Every text is read as a string and shown with noenhanced, so that it never
# becomes part of a command.
load ARG0[1:strlen(ARG0) - strlen("capacity.gp")] . "common.gp" # beside this script

# --- what there is to show; NaN compares as false ---

longer(a, b) = a > b ? a : b
title_text = ""; plain_title_text = ""
stats 'text.dat' using (title_text = strcol(2), plain_title_text = strcol(3), 1) nooutput

low = 1e300; high = -1e300; most = 1
array seen[6] # whether a trial ended so
do for [o = 1:6] { seen[o] = 0 }
stats 'trials.dat' using ($3 > 0 ? (low = $3 < low ? $3 : low, high = longer($3, high), most = longer($1 + 1, most), \
                                    seen[int($5)] = 1) : 0) nooutput
array median[arms]
array interval_from[arms]
array interval_to[arms]
array answer[arms]
array plain_answer[arms]
said(i) = kind eq "svg" ? answer[i] : plain_answer[i]
longest = 0; banded = 0; exact = 0
known(c) = valid(c) ? column(c) : NaN # without a complaint of NaN
stats 'intervals.dat' using (n = int($1) + 1, median[n] = known(2), interval_from[n] = known(3), interval_to[n] = known(4), \
                             answer[n] = strcol(5), plain_answer[n] = strcol(6), longest = longer(longest, strlen(answer[n])), \
                             banded = banded || interval_from[n] == interval_from[n], exact = exact || median[n] > 0, \
                             low = median[n] > 0 && interval_from[n] < low ? interval_from[n] : low, \
                             high = median[n] > 0 && interval_to[n] > high ? interval_to[n] : high, 1) nooutput
nothing = high <= 0
if (nothing) { low = 1; high = 10 }

# How a trial ended: its mark, and its word in the key.
mark_of(o) = o == 1 ? 7 : o == 2 ? 2 : o == 3 ? 9 : o == 4 ? 3 : o == 5 ? 6 : 4
word_of(o) = o == 1 ? "held" : o == 2 ? "broken" : o == 3 ? "not sustained" : o == 4 ? "died" : o == 5 ? "bench's limit" : "invalid"
colour_of(o) = o <= 4 ? limit_line : grey # of all but those that held, which have the colour of their arm
shown = 0
array ending[6] # those that occur
do for [o = 1:6] { if (seen[o]) { shown = shown + 1; ending[shown] = o } }

# --- lay-out, in pixels of the SVG; the PNG is twice as large ---

# A trial is 9 pixels below the one before, or less where there are many.
room = longer(62.0, (3000.0 / arms < 222 ? 3000.0 / arms : 222.0))
step = (room - 22) / most < 9 ? (room - 22) / most : 9.0
row_height = longer(62.0, 22 + step * most)
left = 34 + longer(8.8 * widest, 7.2 * longest)
across = 720.0
key_width = 176
third = strlen(caption[3]) > 1 ? 19 : 0
above = 84 + third + 12
plot_height = longer(row_height * arms, 28.0 * (shown + 2)) # a row of the key needs 28
below = 58
lines = longer(strlen(caption[1]), longer(strlen(caption[2]), strlen(caption[3])))
width = longer(left + across + key_width + 22, 36 + longer(11.0 * strlen(title_text), 8.8 * lines))
height = above + plot_height + below + 17 + 8
down(i, place) = (i - 1) * row_height + 11 + (place + 0.5) * step
mark_size = step < 6 ? 0.6 : 0.9

set border 1 lc rgb ink lw 1
set tics out nomirror scale 0.6 textcolor rgb ink
unset ytics
set grid xtics lc rgb faint lw 1 lt 1
set lmargin at screen x(left)
set rmargin at screen x(left + across)
set tmargin at screen y(above)
set bmargin at screen y(above + plot_height)
set yrange [plot_height:0]
set key at screen x(left + across + 16), screen y(above - 6) left top Left reverse noenhanced \
    samplen 1.6 spacing 1.35 width 0 textcolor rgb ink title ""

# --- the axis of the rate ---

log_x = high > 30 * low
share = 0.05 # beside the outermost marks
pad = high > low ? share * (high - low) : 0.1 * high
left_end = log_x ? low * (low / high) ** share : low > pad ? low - pad : 0
right_end = log_x ? high * (high / low) ** share : high + pad
set xtics ()
if (log_x) {
    set logscale x
    do for [d = int(floor(log10(left_end) + 1e-9)):int(floor(log10(right_end) + 1e-9))] {
        do for [m in "1 2 5"] {
            at = m * 10.0 ** d
            if (at >= left_end && at <= right_end && (m == 1 || high / low < 1.1e3)) { set xtics add (amount(at, "") at) }
        }
    }
} else {
    tick = round_up((right_end - left_end) / 8, power((right_end - left_end) / 8))
    do for [k = int(ceil(left_end / tick - 1e-9)):int(floor(right_end / tick + 1e-9))] { set xtics add (sprintf("%.10g", k * tick) k * tick) }
}
set xrange [left_end:right_end]

# --- the intervals ---

do for [i = 1:arms] {
    top = (i - 1) * row_height + 4
    bottom = i * row_height - 4
    if (i > 1) { set arrow i from graph 0, first top - 4 to graph 1, first top - 4 nohead lc rgb faint lw 1.5 back }
    if (interval_from[i] == interval_from[i]) { # an end that is not known is beyond that of the axis
        band_from = interval_from[i] > left_end ? interval_from[i] : left_end
        band_to = interval_to[i] < right_end ? interval_to[i] : right_end
        set object i rectangle from first band_from, first top to first band_to, first bottom behind \
            fillcolor rgb colour(i) fillstyle transparent solid 0.2 noborder
    }
    if (median[i] > 0) {
        set arrow 100 + i from first median[i], first top to first median[i], first bottom nohead lc rgb colour(i) lw 3 back
    }
}

# --- the picture ---

output = 'capacity'
do for [kind in kinds] {
    evaluate terminal(kind)
    set output output . '.' . kind
    set label 1 (kind eq "svg" ? title_text : plain_title_text) noenhanced at screen x(18), screen y(24) left font ",15" textcolor rgb ink
    set label 2 about(1) noenhanced at screen x(18), screen y(47) left textcolor rgb grey
    set label 3 about(2) noenhanced at screen x(18), screen y(66) left textcolor rgb grey
    if (third > 0) { set label 4 about(3) noenhanced at screen x(18), screen y(85) left textcolor rgb grey }
    set label 5 "requests per second" . (log_x ? "  (log)" : "") at screen x(left + across / 2), screen y(above + plot_height + below - 12) \
        center textcolor rgb ink
    set label 6 "in a row: the trials, from the first at its top to the last" . \
        (banded ? "; shaded: where the capacity lies, 90 %" : "") . (exact ? "; line in it: the median" : "") \
        at screen x(18), screen y(above + plot_height + below + 12) left font ",10" textcolor rgb grey
    if (nothing) { set label 7 "no trial was run at a rate" at graph 0.5, 0.5 center textcolor rgb grey }
    do for [i = 1:arms] {
        set label 100 + 2 * i name(i) noenhanced at screen x(left - 12), screen y(above + (i - 0.5) * row_height - 8) right textcolor rgb ink
        set label 101 + 2 * i said(i) noenhanced \
            at screen x(left - 12), screen y(above + (i - 0.5) * row_height + 10) right font ",10" textcolor rgb grey
    }
    plot for [i = 1:arms] 'trials.dat' index i - 1 using 3:(down(i, $1)) with lines lw 1 lc rgb grey notitle, \
         for [i = 1:arms] for [n = 1:shown] 'trials.dat' index i - 1 using 3:($5 == ending[n] ? down(i, $1) : NaN) with points \
             pt mark_of(ending[n]) ps mark_size lw 1.6 lc rgb (ending[n] == 1 ? colour(i) : colour_of(ending[n])) notitle, \
         for [n = 1:shown] NaN with points pt mark_of(ending[n]) ps 1 lw 1.6 lc rgb (ending[n] == 1 ? ink : colour_of(ending[n])) \
             title word_of(ending[n])
    set output
}
