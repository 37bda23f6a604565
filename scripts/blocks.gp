# The change in each block of a session, one panel per gate: blocks.svg and blocks.png.
#
#   bench report SESSION --data DIR && cd DIR && gnuplot PATH/TO/blocks.gp
#
# Reads arms.dat, caption.dat, gates.dat and blocks.dat from the current folder (docs/pictures.md).
# Every text is read as a string and shown with noenhanced, so that it never becomes part of a
# command.
load ARG0[1:strlen(ARG0) - strlen("blocks.gp")] . "common.gp" # beside this script

# --- what there is to show ---

set key autotitle columnheader # the first row holds names
stats 'gates.dat' using 1 nooutput
gates = int(STATS_records)
array title[gates]
array plain_title[gates]
array limit[gates]
array below[gates]
stats 'gates.dat' using (title[int($1) + 1] = strcol("label"), \
                         plain_title[int($1) + 1] = strcol("plain_label"), \
                         limit[int($1) + 1] = column("limit"), \
                         below[int($1) + 1] = column("below"), 1) nooutput
set key noautotitle

last = 1; redone = 0
array low[gates]
array high[gates]
do for [i = 1:gates] {
    # 0 is always shown. NaN compares as false.
    bottom = limit[i] < 0 ? limit[i] : 0
    top = limit[i] > 0 ? limit[i] : 0
    stats 'blocks.dat' index i - 1 using (bottom = $2 < bottom ? $2 : bottom, top = $2 > top ? $2 : top, \
                                          last = $1 > last ? $1 : last, \
                                          redone = redone || $3 > 0, 1) nooutput
    room = top > bottom ? 0.12 * (top - bottom) : 1
    low[i] = bottom < 0 ? bottom - room : 0
    high[i] = top + room
}

# --- lay-out, in pixels of the SVG; the PNG is twice as large ---

columns = gates > 4 ? 2 : 1
rows = int(ceil(gates / (1.0 * columns)))
across = columns > 1 ? 380.0 : 640.0
panel = 190.0
width = 30 + columns * (across + 74)
height = 84 + rows * panel + 34
left(p) = 74 + ((p - 1) % columns) * (across + 74)
above(p) = 84 + int((p - 1) / columns) * panel + 26

set border 3 lc rgb ink lw 1
set tics out nomirror scale 0.6 textcolor rgb grey
set grid ytics lc rgb faint lw 1 lt 1
set xrange [0.5:last + 0.5]
set xtics last > 12 ? 2 : 1 font ",10"
set ytics font ",10"

# --- the picture ---

do for [kind in kinds] {
    evaluate terminal(kind)
    set output 'blocks.' . kind
    set multiplot
    do for [p = 1:gates] {
        set lmargin at screen x(left(p))
        set rmargin at screen x(left(p) + across)
        set tmargin at screen y(above(p))
        set bmargin at screen y(above(p) + panel - 66)
        set yrange [low[p]:high[p]]
        unset label
        unset arrow
        unset object
        set label (kind eq "svg" ? title[p] : plain_title[p]) noenhanced at screen x(left(p)), screen y(above(p) - 12) \
            left font ",12" textcolor rgb ink
        # The bad side of the limit.
        if (below[p]) {
            set object 1 rectangle from graph 0, graph 0 to graph 1, first limit[p] behind \
                fillcolor rgb beyond fillstyle solid noborder
        } else {
            set object 1 rectangle from graph 0, first limit[p] to graph 1, graph 1 behind \
                fillcolor rgb beyond fillstyle solid noborder
        }
        set arrow 1 from graph 0, first limit[p] to graph 1, first limit[p] nohead lc rgb limit_line lw 1.5 dt (6, 4)
        set arrow 2 from graph 0, first 0 to graph 1, first 0 nohead lc rgb ink lw 1 back
        if (p == 1) {
            set label "Change by block" at screen x(18), screen y(24) left font ",15" textcolor rgb ink
            set label about(1) noenhanced at screen x(18), screen y(47) left textcolor rgb grey
            set label about(2) noenhanced at screen x(18), screen y(66) left textcolor rgb grey
            set label "dashed: the limit; shaded: beyond it" . (redone ? "; ring: the block was measured again" : "") \
                at screen x(18), screen y(height - 14) left font ",10" textcolor rgb grey
        }
        plot 'blocks.dat' index p - 1 using 1:2 with points pt 7 ps 0.9 lc rgb colour(1) notitle, \
             'blocks.dat' index p - 1 using 1:($3 > 0 ? $2 : NaN) with points pt 6 ps 1.8 lw 1.2 lc rgb ink notitle
    }
    unset multiplot
    set output
}
