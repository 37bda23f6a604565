# How the latency shifted: NEW / OLD at each percentile, one curve per arm: shift.svg and shift.png.
#
#   bench diff OLD NEW --data DIR && cd DIR && gnuplot PATH/TO/shift.gp
#
# Reads arms.dat, caption.dat and shift.dat from the current folder (docs/diff.md). Every text is
# read as a string and shown with noenhanced, so that it never becomes part of a command.
load ARG0[1:strlen(ARG0) - strlen("shift.gp")] . "common.gp" # beside this script

# --- what there is to show ---

do for [i = 1:arms] {
    some = 0
    stats 'shift.dat' index i - 1 using (some = some + ($3 == $3), 1) nooutput # NaN is not equal to itself
    if (some == 0) {
        label[i] = label[i] . "  (not known)"
        plain_label[i] = plain_label[i] . "  (not known)"
    }
    widest = strlen(label[i]) > widest ? strlen(label[i]) : widest
}

# NaN compares as false.
low = 1; high = 1; tail = 100; points = 0; bounds = 0; band = 0
stats 'shift.dat' using (low = $3 > 0 && $3 < low ? $3 : low, high = $3 > high ? $3 : high, \
                         low = $4 > 0 && $4 < low ? $4 : low, high = $5 > high ? $5 : high, \
                         tail = $2 > tail ? $2 : tail, points = points + ($3 == $3), \
                         bounds = bounds + ($6 == 1 || $6 == 2), band = band || $4 == $4, 1) nooutput
# Some room, and at least from 20 % below to 25 % above, so that noise does not look large.
bottom = low / 1.06 < 0.8 ? low / 1.06 : 0.8
top = high * 1.06 > 1.25 ? high * 1.06 : 1.25

# --- lay-out, in pixels of the SVG; the PNG is twice as large ---

key_width = arms > 1 ? 62 + 9.0 * widest : 16 # of one curve: room for the last percentile
width = 100 + 720.0 + key_width + 22
height = arms > 13 ? 200.0 + 28 * arms : 560.0 # a row of the key needs 28

set border 3 lc rgb ink lw 1
set tics out nomirror scale 0.6 textcolor rgb ink
set grid xtics ytics lc rgb faint lw 1 lt 1
set lmargin at screen x(100)
set rmargin at screen x(width - key_width - 22)
set tmargin at screen y(84)
set bmargin at screen y(height - 100)
if (arms > 1) {
    set key at screen x(width - key_width - 6), screen y(78) left top Left reverse noenhanced \
        samplen 2.6 spacing 1.35 width 0 textcolor rgb ink title ""
} else {
    unset key
}

set logscale xy
set xrange [1:tail]
set yrange [bottom:top]
set xlabel "Percentile of requests" textcolor rgb ink offset 0, 0.3
set ylabel "Latency of NEW / latency of OLD" textcolor rgb ink offset -0.5, 0
set xtics ("" 1, "50 %%" 2, "75 %%" 4, "90 %%" 10, "95 %%" 20, "99 %%" 100, "99.9 %%" 1e3)
set ytics ()
decades = log10(top / bottom)
marks = decades < 0.6 ? "1 1.1 1.25 1.5 1.75 2 2.5 3 4 5 6 7 8 9" : decades < 2 ? "1 1.5 2 3 5 8" : "1 2 5"
do for [d = int(floor(log10(bottom) + 1e-9)):int(floor(log10(top) + 1e-9))] {
    do for [m in marks] {
        at = m * 10.0 ** d
        if (at >= bottom * 0.999 && at <= top * 1.001) { set ytics add (sprintf("%.4g", at) at) }
    }
}

set label 1 "Latency shift: NEW relative to OLD" at screen x(18), screen y(24) left font ",15" \
    textcolor rgb ink
# One session has an interval; between two there is only the usual distance.
set label 4 band ? "above 1: NEW is slower; band: the interval over the blocks" : \
    "above 1: NEW is slower; grey: within 10 %, by which two sessions of one server often differ" \
    at screen x(18), screen y(height - 30) left font ",10" textcolor rgb grey
if (bounds > 0) {
    set label 5 "dashed: only a bound is known, because requests had not finished" \
        at screen x(18), screen y(height - 13) left font ",10" textcolor rgb grey
}
if (points == 0) {
    set label 6 "nothing is known: too few requests, or lower bounds on both sides" \
        at graph 0.5, 0.7 center textcolor rgb grey
}
if (!band) {
    set object 1 rectangle from graph 0, first 1 / 1.1 to graph 1, first 1.1 behind \
        fillcolor rgb within fillstyle solid noborder
}
set arrow 1 from graph 0, first 1 to graph 1, first 1 nohead lc rgb ink lw 1.2 back

# --- the picture ---

output = 'shift'; p = 1; log_x = 1 # for say_axes
do for [kind in kinds] {
    evaluate terminal(kind)
    set output 'shift.' . kind
    set label 2 about(1) noenhanced at screen x(18), screen y(47) left textcolor rgb grey
    set label 3 about(2) noenhanced at screen x(18), screen y(66) left textcolor rgb grey
    plot for [i = 1:(band ? arms : 0)] 'shift.dat' index i - 1 using 2:4:5 with filledcurves \
             fc rgb colour(i) fs transparent solid 0.2 noborder notitle, \
         for [i = 1:arms] 'shift.dat' index i - 1 using 2:($6 == 1 || $6 == 2 ? $3 : NaN) with lines \
             lw 1.5 dt (6, 4) lc rgb colour(i) notitle, \
         for [i = 1:arms] 'shift.dat' index i - 1 using 2:($6 == 0 ? $3 : NaN) with lines \
             lw 2.5 lc rgb colour(i) notitle, \
         for [i = 1:arms] 'shift.dat' index i - 1 using 2:($6 == 0 ? $3 : NaN) every 8::(i % 8) \
             with points pt mark(i) ps 0.7 lc rgb colour(i) notitle, \
         for [i = 1:arms] NaN with linespoints lw 2.5 pt mark(i) ps 0.7 lc rgb colour(i) title name(i)
    evaluate say_axes
    set output
}
