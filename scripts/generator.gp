# The load generator itself, one row per arm: generator.svg and generator.png.
#
#   bench report RESULT... --data DIR && cd DIR && gnuplot PATH/TO/generator.gp
#
# Reads arms.dat, caption.dat, generator.dat and late.dat from the current folder
# (docs/pictures.md). Every text is read as a string and shown with noenhanced, so that it never
# becomes part of a command.
here = ARG0[1:strlen(ARG0) - strlen("generator.gp")] # the other scripts are beside this one
load here . "common.gp"

# --- what there is to show: NaN compares as false, and is not equal to itself ---

most = 100; waits = 0
stats 'generator.dat' using (most = $3 > most ? $3 : most, most = $4 > most ? $4 : most, \
                             waits = waits || $4 == $4, 1) nooutput
low = 1e300; high = -1e300; lags = 0
stats 'late.dat' using (low = $2 > 0 && $2 < low ? $2 : low, low = $5 > 0 && $5 < low ? $5 : low, \
                        high = $4 > high ? $4 : high, high = $7 > high ? $7 : high, \
                        lags = lags || $5 == $5, 1) nooutput
late = high > 0
if (low > high) { low = high }

# --- lay-out, in pixels of the SVG; the PNG is twice as large ---

row = 32.0
names = 40 + 9.6 * widest
across = late ? 360.0 : 560.0
gap = 56
width = names + across + (late ? gap + across : 0) + 40
bottom = 112 + arms * row
height = bottom + (late ? 84 : 67)

set border 1 lc rgb ink lw 1
set tics out nomirror scale 0.6 textcolor rgb ink
set grid xtics lc rgb faint lw 1 lt 1
set tmargin at screen y(112)
set bmargin at screen y(bottom)
set yrange [arms + 0.5:0.5]
unset ytics
unset key

# --- the picture ---

do for [kind in kinds] {
    evaluate terminal(kind)
    set output 'generator.' . kind
    set multiplot
    unset logscale x
    set lmargin at screen x(names)
    set rmargin at screen x(names + across)
    set xrange [0:most]
    unset xtics
    set xtics out nomirror scale 0.6 autofreq font ",10" format "%g %%" textcolor rgb ink
    unset label
    set label "The load generator" at screen x(18), screen y(24) left font ",15" textcolor rgb ink
    set label about(1) noenhanced at screen x(18), screen y(47) left textcolor rgb grey
    set label about(2) noenhanced at screen x(18), screen y(66) left textcolor rgb grey
    set label "Each of its threads, share of a core" at screen x(names), screen y(96) left font ",12" textcolor rgb ink
    set label "dot: CPU" . (waits ? "; ring: ready to run while no core was free" : "") \
        . "; right of the dashed line a thread is at its limit" \
        at screen x(18), screen y(bottom + 50) left font ",10" textcolor rgb grey
    if (late) {
        set label "sent late, filled" . (lags ? "; of that noticed late by bench, open" : "") . \
            ": from p50 (small) over p99 to the highest (large)" \
            at screen x(18), screen y(bottom + 67) left font ",10" textcolor rgb grey
    }
    do for [i = 1:arms] {
        set label name(i) noenhanced at graph 0, first i right offset -1, 0 textcolor rgb ink
    }
    set arrow 1 from first 90, graph 0 to first 90, graph 1 nohead lc rgb limit_line lw 1.2 dt (6, 4)
    plot for [i = 1:arms] '+' using (0):(i):(most):(0) every ::0::0 with vectors nohead lw 1 lc rgb faint, \
         for [i = 1:arms] 'generator.dat' index i - 1 using 3:(i) with points pt 7 ps 0.8 lc rgb colour(i), \
         for [i = 1:arms] 'generator.dat' index i - 1 using 4:(i) with points pt 6 ps 1.3 lw 1.5 lc rgb colour(i)
    if (late) {
        from = round_down(low, power(low)); to = round_up(high, power(high))
        if (to < 10 * from) { to = 10 * from }
        unset label
        unset arrow
        set lmargin at screen x(names + across + gap)
        set rmargin at screen x(names + across + gap + across)
        set logscale x
        set xrange [from:to]
        unset xtics
        set xtics out nomirror scale 0.6 () font ",10" textcolor rgb ink
        every_nth = ceil(log10(to / from) / 5)
        do for [d = int(floor(log10(from) + 1e-9)):int(floor(log10(to) + 1e-9)):int(every_nth)] {
            if (10.0 ** d >= from * 0.999) { set xtics add (unit(10.0 ** d) 10.0 ** d) }
        }
        set label "Behind the schedule of an open loop" at screen x(names + across + gap), screen y(96) left font ",12" textcolor rgb ink
        plot for [i = 1:arms] '+' using (from):(i):(to - from):(0) every ::0::0 with vectors nohead lw 1 lc rgb faint, \
             for [k = 2:4] for [i = 1:arms] 'late.dat' every ::(i - 1)::(i - 1) using (column(k)):(i - 0.14) \
                 with points pt 7 ps 0.3 * k - 0.1 lc rgb colour(i), \
             for [k = 5:7] for [i = 1:arms] 'late.dat' every ::(i - 1)::(i - 1) using (column(k)):(i + 0.18) \
                 with points pt 6 ps 0.3 * (k - 3) - 0.1 lw 1.2 lc rgb colour(i)
    }
    unset multiplot
    set output
}
