# The latencies over time, one panel per arm: heat.svg and heat.png.
#
#   bench report RESULT... --data DIR && cd DIR && gnuplot PATH/TO/heat.gp
#
# Reads arms.dat, caption.dat, heat.dat and spike.dat from the current folder (docs/pictures.md). Every text is
# read as a string and shown with noenhanced, so that it never becomes part of a command.
here = ARG0[1:strlen(ARG0) - strlen("heat.gp")] # the other scripts are beside this one
load here . "common.gp"
back_column = "back_s"
load here . "spike.gp"
spike_line(i) = ink

# --- what there is to show ---

# The same axes in all panels. NaN compares as false, and is not equal to itself.
low = 1e300; high = -1e300; last = 0
array known[arms]
do for [i = 1:arms] {
    known[i] = 0
    stats 'heat.dat' index i - 1 using (low = $3 < low ? $3 : low, high = $4 > high ? $4 : high, \
                                        last = $2 > last ? $2 : last, \
                                        known[i] = known[i] || $5 == $5, 1) nooutput
}
if (high <= 0) { low = 1; high = 10 }
if (last <= 0) { last = 1 }
more = 0
# A panel has at least three doublings of latency.
if (high < low * 8) { low = low / 2; high = low * 8 }

# --- lay-out, in pixels of the SVG; the PNG is twice as large ---

across = 700.0
panel = 186.0
width = 86 + across + 24
height = 84 + arms * panel + (spikes > 0 ? 56 : 40)
note = 84 + arms * panel + 26
above(p) = 84 + (p - 1) * panel + 26

set border 3 lc rgb ink lw 1
set tics out nomirror scale 0.6 textcolor rgb grey
set grid ytics lc rgb faint lw 1 lt 1
set lmargin at screen x(86)
set rmargin at screen x(86 + across)
set xrange [0:last]
set xtics font ",10"
set ytics font ",10"
set logscale y
set yrange [low:high]
set ytics ()
decades = log10(high / low)
step = decades > 6 ? 2 : 1 # a panel has room for seven texts
marks = decades < 1.5 ? "1 2 5" : "1"
do for [d = int(floor(log10(low) + 1e-9)):int(floor(log10(high) + 1e-9)):step] {
    do for [m in marks] {
        at = m * 10.0 ** d
        if (at >= low * 0.999 && at <= high * 1.001) { set ytics add (unit(at) at) }
    }
}

# --- the picture ---

do for [kind in kinds] {
    evaluate terminal(kind)
    set output 'heat.' . kind
    set multiplot
    do for [p = 1:arms] {
        set tmargin at screen y(above(p))
        set bmargin at screen y(above(p) + panel - 60)
        unset label
        unset arrow
        unset object
        n = 1; spike_first = p; spike_last = p
        evaluate draw_spikes
        set label name(p) noenhanced at screen x(86), screen y(above(p) - 12) left font ",12" textcolor rgb ink
        if (!known[p]) {
            set label "not measured" at graph 0.5, 0.5 center textcolor rgb grey
        }
        if (p == 1) {
            set label "Latency over time" at screen x(18), screen y(24) left font ",15" textcolor rgb ink
            set label about(1) . pooled noenhanced at screen x(18), screen y(47) left textcolor rgb grey
            set label about(2) noenhanced at screen x(18), screen y(66) left textcolor rgb grey
            set label "across: seconds of the run; stronger colour: a larger share of the requests that completed at that time" \
                at screen x(18), screen y(note) left font ",10" textcolor rgb grey
            set label spike_note at screen x(18), screen y(note + 16) left font ",10" textcolor rgb grey
        }
        plot 'heat.dat' index p - 1 using (($1 + $2) / 2):(sqrt($3 * $4)):1:2:3:4:(shade($6)) with boxxyerror \
             fillstyle solid noborder linecolor rgb variable notitle, \
             low with lines lc rgb ink lw 1 notitle # so that a panel without a cell has its axes, too
    }
    unset multiplot
    set output
}
