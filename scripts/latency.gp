# Latency by percentile, one curve per arm: latency.svg and latency.png.
#
#   bench report RESULT... --data DIR && cd DIR && gnuplot PATH/TO/latency.gp
#
# Reads arms.dat, caption.dat, latency.dat and latency_unfinished.dat from the current folder
# (docs/pictures.md). Every text is read as a string and shown with noenhanced, so that it never
# becomes part of a command.
load ARG0[1:strlen(ARG0) - strlen("latency.gp")] . "common.gp" # beside this script

# --- what there is to show ---

widest = 0
do for [i = 1:arms] {
    label[i] = label[i] . "  (" . completed[i] . ")"
    plain_label[i] = plain_label[i] . "  (" . completed[i] . ")"
    widest = strlen(label[i]) > widest ? strlen(label[i]) : widest
}
pooled = rounds > 1 ? " merged" : ""

# The range of the axes; NaN compares as false. The fastest tenth of the requests, which found the
# server idle, does not extend the axis: its part of a curve may lie below.
low = 1e300; high = -1e300; tail = 2
do for [file in "latency.dat latency_unfinished.dat"] {
    stats file using (low = $2 >= 1.1 && $3 > 0 && $3 < low ? $3 : low, \
                      high = $3 > high ? $3 : high, \
                      tail = $2 > tail ? $2 : tail, 1) nooutput
}
dashed = 0 # NaN is not equal to itself
stats 'latency_unfinished.dat' using (dashed = dashed || $3 == $3, 1) nooutput
nothing = high <= 0
if (nothing) { low = 1; high = 10 }

# The last of 1, 2 or 5 times a power of ten that is not above x.
round_down(x, p) = x >= 5 * p * 0.999999 ? 5 * p : x >= 2 * p * 0.999999 ? 2 * p : p
bottom = round_down(low, power(low))
top = round_up(high, power(high))
if (high > top * 0.85) { top = top * 1.4 }
if (top <= bottom * 1.01) { top = round_up(bottom * 1.5, power(bottom * 1.5)) }

point(i) = (i - 1) % 10 < 5 ? 2 * ((i - 1) % 5) + 5 : 2 * ((i - 1) % 5) + 4

# --- lay-out, in pixels of the SVG; the PNG is twice as large ---

key_width = 62 + 9.0 * widest
width = 86 + 720.0 + key_width + 22
height = arms > 13 ? 200.0 + 28 * arms : 560.0 # a row of the key needs 28

set border 3 lc rgb ink lw 1
set tics out nomirror scale 0.6 textcolor rgb ink
set grid xtics ytics lc rgb faint lw 1 lt 1
set lmargin at screen x(86)
set rmargin at screen x(width - key_width - 22)
set tmargin at screen y(84)
set bmargin at screen y(height - 100)
set key at screen x(width - key_width - 6), screen y(78) left top Left reverse noenhanced \
    samplen 2.6 spacing 1.35 width 0 textcolor rgb ink title ""

set logscale xy
set xrange [1:tail]
set yrange [bottom:top]
set xlabel "Percentile of requests" textcolor rgb ink offset 0, 0.3
set xtics ("" 1, "50 %%" 2, "90 %%" 10, "99 %%" 100, "99.9 %%" 1e3, "99.99 %%" 1e4, \
           "99.999 %%" 1e5, "99.9999 %%" 1e6, "99.99999 %%" 1e7, "99.999999 %%" 1e8)
set ytics ()
unit(ms) = ms < 0.9995e-3 ? sprintf("%.3g ns", ms * 1e6) : ms < 0.9995 ? sprintf("%.3g us", ms * 1e3) : \
           ms < 999.5 ? sprintf("%.3g ms", ms) : sprintf("%.5g s", ms / 1e3)
decades = log10(top / bottom)
marks = decades < 0.9 ? "1 1.5 2 3 4 5 7" : "1 2 5"
do for [d = int(floor(log10(bottom) + 1e-9)):int(floor(log10(top) + 1e-9))] {
    do for [m in marks] {
        at = m * 10.0 ** d
        named = decades <= 3 || m == 1
        if (at >= bottom * 0.999 && at <= top * 1.001) {
            if (named) { set ytics add (unit(at) at) } else { set ytics add ("" at 1) }
        }
    }
}

set label 1 "Latency by percentile" at screen x(18), screen y(24) left font ",15" textcolor rgb ink
set label 4 "thick: completed requests (number in brackets); thin: fewer than 10 samples beyond" \
    at screen x(18), screen y(height - 30) left font ",10" textcolor rgb grey
if (dashed) {
    set label 5 "dashed: including unfinished requests with the time elapsed so far, a lower bound" \
        at screen x(18), screen y(height - 13) left font ",10" textcolor rgb grey
}
if (nothing) {
    set label 6 "no request completed, and none in flight" at graph 0.5, 0.5 center textcolor rgb grey
}

# --- the picture ---

do for [kind in kinds] {
    evaluate terminal(kind)
    set output 'latency.' . kind
    set label 2 about(1) . pooled noenhanced at screen x(18), screen y(47) left textcolor rgb grey
    set label 3 about(2) noenhanced at screen x(18), screen y(66) left textcolor rgb grey
    plot for [i = 1:arms] 'latency_unfinished.dat' index i - 1 using 2:3 with lines \
             lw 1.5 dt (6, 4) lc rgb colour(i) notitle, \
         for [i = 1:arms] 'latency.dat' index i - 1 using 2:3 with lines \
             lw 1 lc rgb colour(i) notitle, \
         for [i = 1:arms] 'latency.dat' index i - 1 using 2:($4 == 0 ? $3 : NaN) with lines \
             lw 2.5 lc rgb colour(i) notitle, \
         for [i = 1:arms] 'latency.dat' index i - 1 using 2:($4 == 0 ? $3 : NaN) every 25::(3 * i) \
             with points pt point(i) ps 0.7 lc rgb colour(i) notitle, \
         for [i = 1:arms] NaN with linespoints lw 2.5 pt point(i) ps 0.7 lc rgb colour(i) title name(i)
    set output
}
