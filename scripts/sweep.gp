# The figure of the goal over the values of one option, one curve per arm: sweep.svg and sweep.png.
#
#   bench report SWEEP --data DIR && cd DIR && gnuplot PATH/TO/sweep.gp
#
# Reads arms.dat, caption.dat, text.dat, axes.dat, values.dat, curves.dat and stretches.dat from the
# current folder (docs/pictures.md). Every text is read as a string and shown with noenhanced, so
# that it never becomes part of a command.
here = ARG0[1:strlen(ARG0) - strlen("sweep.gp")] # the other scripts are beside this one
load here . "common.gp"
load here . "sweep_axes.gp"

# --- what there is to show ---

# NaN compares as false.
low = 1e300; high = -1e300; hollow = 0; ranged = 0; failures = 0
array slot[arms] # of the marks of arms that failed somewhere, from the bottom
do for [i = 1:arms] {
    failed = 0
    stats 'curves.dat' index i - 1 using (low = $3 > 0 && $3 < low ? $3 : low, high = $4 > high ? $4 : high, \
                                          hollow = hollow || ($2 == $2 && ($5 == 1 || $5 == 3)), \
                                          ranged = ranged || $4 > $3, failed = failed || $5 == 4, 1) nooutput
    failures = failures + failed
    slot[i] = failures
}
nothing = high <= 0
if (nothing) { low = 1; high = 10 }

pieces = 0
array piece_arm[counts[1]]
array piece_from[counts[1]]
array piece_to[counts[1]]
stats 'stretches.dat' using (pieces = $1 == $1 ? pieces + 1 : pieces, \
                             $1 == $1 ? (piece_arm[pieces] = int($1) + 1, piece_from[pieces] = $2, piece_to[pieces] = $3) : 0, 1) nooutput

# --- the axis of the option, in pixels from its left end ---

left = 108.0
across = 720.0
n = counts[1]
log_x = scale[1] == 2
margin = 26.0
place(v) = log_x ? log(v) : v
from = place(value1[1]); to = place(value1[n])
pixel(v) = n < 2 ? across / 2 : margin + (across - 2 * margin) * (place(v) - from) / (to - from)
per_pixel = n < 2 ? 1.0 / across : (to - from) / (across - 2 * margin)
left_end = n < 2 ? from - 0.5 : from - margin * per_pixel
right_end = n < 2 ? to + 0.5 : to + margin * per_pixel
has_cpu = 0
do for [k = 1:n] { has_cpu = has_cpu || cpu1[k] ne " " }
# Which values have a label: the ends, and in between those that have room.
array labelled[n]
wide(k) = strlen(names1[k]) * 8.6 > strlen(cpu1[k]) * 7.4 ? strlen(names1[k]) * 8.6 : strlen(cpu1[k]) * 7.4
apart(k, m) = pixel(value1[m]) - pixel(value1[k]) > (wide(k) + wide(m)) / 2 + 8
before = 1
do for [k = 1:n] {
    labelled[k] = k == 1 || k == n || (apart(before, k) && apart(k, n))
    if (labelled[k]) { before = k }
}

# --- the names above: each in the lowest row in which it does not touch the one before ---

array row[counts[1]]
array name_left[counts[1]]
array row_end[6]
rows = pieces > 0 ? 1 : 0
do for [r = 1:6] { row_end[r] = -100 }
do for [i = 1:pieces] {
    size = 20 + 8.6 * strlen(label[piece_arm[i]])
    name_left[i] = (pixel(piece_from[i]) + pixel(piece_to[i]) - size) / 2
    if (name_left[i] + size > across + 60) { name_left[i] = across + 60 - size }
    if (name_left[i] < -60) { name_left[i] = -60 }
    row[i] = 6
    do for [r = 6:1:-1] { if (row_end[r] + 10 < name_left[i]) { row[i] = r } }
    row_end[row[i]] = name_left[i] + size
    if (row[i] > rows) { rows = row[i] }
}

# --- lay-out, in pixels of the SVG; the PNG is twice as large ---

key_width = 62 + 9.0 * widest
width = left + across + (arms > 1 ? key_width : 16) + 22
notes = 1 + (arms > 1 && rounds > 1)
third = strlen(caption[3]) > 1 ? 19 : 0
above = 84 + third + 20 * rows + 10
plot_height = arms > 13 ? 28.0 * arms : 380.0 # a row of the key needs 28
below = 58 + (has_cpu ? 16 : 0)
height = above + plot_height + below + 17 * notes + 8

set border 3 lc rgb ink lw 1
set tics out nomirror scale 0.6 textcolor rgb ink
set grid ytics lc rgb faint lw 1 lt 1
set lmargin at screen x(left)
set rmargin at screen x(left + across)
set tmargin at screen y(above)
set bmargin at screen y(above + plot_height)
set key at screen x(width - key_width - 6), screen y(above - 6) left top Left reverse noenhanced \
    samplen 2.6 spacing 1.35 width 0 textcolor rgb ink title ""
if (arms == 1) { unset key }
set xrange [left_end:right_end]
set xtics ()
do for [k = 1:n] { set xtics add ("" place(value1[k])) }

log_y = high > 30 * low
set ytics ()
if (log_y) {
    bottom = round_down(low, power(low))
    top = round_up(high, power(high))
    set logscale y
    do for [d = int(floor(log10(bottom) + 1e-9)):int(floor(log10(top) + 1e-9))] {
        do for [m in "1 2 5"] {
            at = m * 10.0 ** d
            if (at >= bottom * 0.999 && at <= top * 1.001 && (m == 1 || top / bottom < 1.1e3)) {
                set ytics add ((is_time ? unit(at) : amount(at, "")) at)
            }
        }
    }
} else {
    bottom = 0
    top = high * 1.06
    step = round_up(top / 7, power(top / 7))
    do for [k = 0:int(floor(top / step))] {
        at = k * step
        set ytics add ((is_time ? (at == 0 ? "0" : unit(at)) : amount(at, "")) at)
    }
}
set yrange [bottom:top]
# Where the k-th arm that failed has its marks: as a share of the height.
low_mark(k) = log_y ? bottom * (top / bottom) ** (0.035 * k - 0.01) : top * (0.035 * k - 0.01)

# --- the borders: grey where no arm is best alone ---

bands = 0
# Names have no order, and nothing between them.
do for [i = 0:(arms > 1 && rounds > 1 && scale[1] > 0 ? pieces : -1)] {
    band_from = i == 0 ? value1[1] : piece_to[i]
    band_to = i == pieces ? value1[n] : piece_from[i + 1]
    ends = pieces == 0 # all of it, also beyond the first and the last value
    if (place(band_to) > place(band_from) || ends) {
        bands = bands + 1
        set object bands rectangle from first (ends ? left_end : place(band_from)), graph 0 \
            to first (ends ? right_end : place(band_to)), graph 1 behind fillcolor rgb within fillstyle solid noborder
        if (i > 0 && i < pieces) {
            set arrow 20 + 2 * i from first place(band_from), graph 0 to first place(band_from), graph 1 nohead \
                lc rgb grey lw 1 dt (3, 4) back
            set arrow 21 + 2 * i from first place(band_to), graph 0 to first place(band_to), graph 1 nohead \
                lc rgb grey lw 1 dt (3, 4) back
        }
    }
}
do for [i = 1:pieces] { # the stretch of each winner
    set arrow 1000 + i from screen x(left + pixel(piece_from[i]) - 4), screen y(above - 5) \
        to screen x(left + pixel(piece_to[i]) + 4), screen y(above - 5) nohead lc rgb colour(piece_arm[i]) lw 6
}

# Points of several arms at one place stand side by side.
beside(v, i) = place(v) + (i - (arms + 1) / 2.0) * (arms > 8 ? 1.5 : 3) * per_pixel
filled(i) = 2 * ((i - 1) % 5) + 5
dashes(i) = (i - 1) / 5 + 1 # so that curves stay apart without their colours

# --- the picture ---

output = 'sweep'
do for [kind in kinds] {
    evaluate terminal(kind)
    set output output . '.' . kind
    set label 1 text_of(1) noenhanced at screen x(18), screen y(24) left font ",15" textcolor rgb ink
    set label 2 about(1) noenhanced at screen x(18), screen y(47) left textcolor rgb grey
    set label 3 about(2) noenhanced at screen x(18), screen y(66) left textcolor rgb grey
    if (third > 0) { set label 4 about(3) noenhanced at screen x(18), screen y(85) left textcolor rgb grey }
    set label 5 option(1) noenhanced at screen x(left + across / 2), screen y(above + plot_height + below - 12) center textcolor rgb ink
    set label 6 text_of(2) . (log_y ? "  (log)" : "") noenhanced at screen x(20), screen y(above + plot_height / 2) center rotate textcolor rgb ink
    set label 7 "point: the median of the rounds" . (ranged ? "; whisker: from the lowest to the highest" : "") . \
        (hollow ? "; hollow: too close to call, or not ranked" : "") . (failures > 0 ? "; cross at the bottom: failed" : "") \
        at screen x(18), screen y(above + plot_height + below + 12) left font ",10" textcolor rgb grey
    if (notes > 1) {
        set label 8 pieces == 0 ? "no arm is best alone at any value" : \
            "above: the arm that is best alone" . (bands > 0 ? "; grey: the border lies somewhere in it, or it is too close to call" : "") \
            at screen x(18), screen y(above + plot_height + below + 29) left font ",10" textcolor rgb grey
    }
    if (nothing) { set label 9 "nothing was measured" at graph 0.5, 0.5 center textcolor rgb grey }
    do for [k = 1:n] {
        if (labelled[k]) {
            set label 100 + 2 * k label1(k) noenhanced at screen x(left + pixel(value1[k])), screen y(above + plot_height + 18) \
                center textcolor rgb ink
            if (has_cpu) {
                set label 101 + 2 * k cpu1[k] noenhanced at screen x(left + pixel(value1[k])), screen y(above + plot_height + 34) \
                    center font ",10" textcolor rgb grey
            }
        }
    }
    do for [i = 1:pieces] {
        set label 2000 + i name(piece_arm[i]) noenhanced at screen x(left + name_left[i] + 4), screen y(above - 20 * row[i] + 1) \
            left textcolor rgb ink point pt filled(piece_arm[i]) ps 0.9 lc rgb colour(piece_arm[i]) offset 1, -0.2
    }
    plot for [i = 1:arms] 'curves.dat' index i - 1 using (beside($1, i)):(scale[1] > 0 ? $2 : NaN) with lines \
             lw 2 dt dashes(i) lc rgb colour(i) notitle, \
         for [i = 1:arms] 'curves.dat' index i - 1 using (beside($1, i)):($4 > $3 ? $2 : NaN):3:4 with yerrorbars \
             pt -1 lw 1.2 lc rgb colour(i) notitle, \
         for [i = 1:arms] 'curves.dat' index i - 1 using (beside($1, i)):($5 == 1 || $5 == 3 ? NaN : $2) with points \
             pt filled(i) ps 1.1 lc rgb colour(i) notitle, \
         for [i = 1:arms] 'curves.dat' index i - 1 using (beside($1, i)):($5 == 1 || $5 == 3 ? $2 : NaN) with points \
             pt filled(i) ps 1.1 lc rgb background notitle, \
         for [i = 1:arms] 'curves.dat' index i - 1 using (beside($1, i)):($5 == 1 || $5 == 3 ? $2 : NaN) with points \
             pt filled(i) - 1 ps 1.1 lw 1.8 lc rgb colour(i) notitle, \
         for [i = 1:arms] 'curves.dat' index i - 1 using (beside($1, i)):($5 == 4 ? low_mark(slot[i]) : NaN) with points \
             pt 2 ps 1 lw 2 lc rgb colour(i) notitle, \
         for [i = 1:arms] NaN with linespoints lw 2 dt dashes(i) pt filled(i) ps 1 lc rgb colour(i) title name(i)
    set output
}
