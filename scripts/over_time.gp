# Panels above each other with one time axis, a curve per arm in each, for the script that loads it
# after common.gp.
#
# Takes    panels        how many panels there may be; the next four have an entry for each
#          file, column  the data file, and its column; the first two columns are the start and the
#                        end of a stretch of time in s
#          title         above the panel
#          one           the unit of the axis: "ms" and "log" for a logarithmic one; else "", "B"
#          at_end        1: a sample at the end of each stretch; 0: of the stretch as a whole
#          head, note    the title, and the line below
#          output        the name of the files, without an ending
#          more          of the time axis beyond the last stretch, in s
#          extra         for eval, in each panel p: what else is drawn, or ""
#          limits, quantile  the limits as limits.gp takes them; the panel of which percentile, or 0
#          stack         the panel whose curve, in column 4, is the sum of two parts: the first, in
#                        column 5, is filled fully, the second, pale, lies on it; 0: none is
#          back_column   of a spike, as spike.gp takes it
# A panel without any value is left out.

# --- what there is to show: NaN compares as false, and is not equal to itself ---

load here . "limits.gp"
load here . "spike.gp"
spike_line(i) = colour(i)
array low[panels]
array high[panels]
array shown[panels] # the panels that have something, in order
array known[arms]   # the arms that have something
do for [i = 1:arms] { known[i] = 0 }
count = 0
last = 0
longest = 0 # the stretches of a curve
do for [p = 1:panels] {
    low[p] = 1e300; high[p] = -1e300
    do for [i = 1:arms] {
        stretches = 0
        stats file[p] index i - 1 using (v = column(column[p]), low[p] = v > 0 && v < low[p] ? v : low[p], \
                                         high[p] = v > high[p] ? v : high[p], \
                                         last = v == v && $2 > last ? $2 : last, \
                                         known[i] = known[i] || v == v, stretches = stretches + 1, 1) nooutput
        longest = stretches > longest ? stretches : longest
    }
    do for [k = 1:lines] {
        if (limit_q[k] == quantile[p] && high[p] > -1e300) {
            low[p] = limit_ms[k] < low[p] ? limit_ms[k] : low[p]
            high[p] = limit_ms[k] > high[p] ? limit_ms[k] : high[p]
        }
    }
    if (high[p] > -1e300) { count = count + 1; shown[count] = p }
}
if (last <= 0) { last = 1 }

# --- lay-out, in pixels of the SVG; the PNG is twice as large ---

across = 720.0
panel = count > 4 ? 118.0 : count > 1 ? 148.0 : 300.0
key_width = 62 + 9.0 * widest
width = 86 + across + key_width + 22
bottom = 84 + count * panel
below = spikes > 0 ? 82 : 66
log_x = 0 # for say_axes
height = bottom + below > 110 + 28 * arms ? bottom + below : 110.0 + 28 * arms # a row of the key needs 28
above(n) = 84 + (n - 1) * panel + 24

do for [kind in kinds] {
    evaluate terminal(kind)
    set output output . '.' . kind
    set multiplot
    set border 3 lc rgb ink lw 1
    set tics out nomirror scale 0.6 textcolor rgb ink
    set grid xtics ytics lc rgb faint lw 1 lt 1
    set lmargin at screen x(86)
    set rmargin at screen x(86 + across)
    set xrange [0:last + more]
    unset key
    do for [n = 1:count] {
        p = shown[n]
        set tmargin at screen y(above(n))
        set bmargin at screen y(above(n) + panel - 36)
        unset label
        unset arrow
        unset object
        unset ytics
        set ytics out nomirror scale 0.6 () font ",10" textcolor rgb ink
        if (one[p] eq "ms" || one[p] eq "log") {
            if (low[p] > high[p]) { low[p] = high[p] > 0 ? high[p] : 1 }
            from = round_down(low[p] / 1.15, power(low[p] / 1.15))
            to = high[p] > 0 ? round_up(1.1 * high[p], power(1.1 * high[p])) : 10
            if (to < 5 * from) { to = 5 * from }
            set logscale y
            every_nth = ceil(log10(to / from) / (count > 1 ? 3.5 : 8.0))
            marks = log10(to / from) < 1.1 ? "1 2 5" : log10(to / from) < 2.5 ? "1 3" : "1"
            do for [d = int(floor(log10(from) + 1e-9)):int(floor(log10(to) + 1e-9)):int(every_nth)] {
                do for [m in marks] {
                    set ytics add ((one[p] eq "ms" ? unit(m * 10.0 ** d) : amount(m * 10.0 ** d, "")) m * 10.0 ** d)
                }
            }
        } else {
            from = 0
            to = high[p] > 0 ? 1.06 * high[p] : 1
            unset logscale y
            step = round_up(to / 3.2, power(to / 3.2))
            do for [k = 0:(high[p] > 0 ? int(floor(1.001 * to / step)) : 0)] { set ytics add (amount(k * step, one[p]) k * step) }
        }
        set yrange [from:to]
        unset xtics
        set xtics out nomirror scale 0.6 font ",10" format (n == count ? "%g" : "") textcolor rgb ink
        set label title[p] at screen x(86), screen y(above(n) - 9) left font ",11" textcolor rgb ink
        if (n == 1) {
            set label head at screen x(18), screen y(24) left font ",15" textcolor rgb ink
            set label about(1) . averaged noenhanced at screen x(18), screen y(47) left textcolor rgb grey
            set label about(2) noenhanced at screen x(18), screen y(66) left textcolor rgb grey
            set label note at screen x(18), screen y(bottom + 52) left font ",10" textcolor rgb grey
            set label spike_note at screen x(18), screen y(bottom + 68) left font ",10" textcolor rgb grey
            set label "seconds of the run" at screen x(86 + across / 2), screen y(bottom + 30) center textcolor rgb ink
        }
        evaluate draw_spikes
        if (extra ne "") { evaluate extra }
        do for [k = 1:lines] {
            if (limit_q[k] == quantile[p]) {
                set arrow from graph 0, first limit_ms[k] to graph 1, first limit_ms[k] nohead lc rgb limit_line lw 1.2 dt (8, 4)
                set label limit_text(k) noenhanced at graph 1, first limit_ms[k] right offset 0, 0.5 font ",10" textcolor rgb limit_line
            }
        }
        # A short curve has its points, too. A single one stands for all of the run.
        boxes = p == stack && longest <= 60 ? arms : 0 # of more stretches, areas
        areas = p == stack && longest > 60 ? arms : 0
        plot for [i = 1:boxes] file[p] index i - 1 using (($1 + $2) / 2):4:1:2:(0):5 with boxxyerror \
                 fs transparent solid 0.6 noborder fc rgb colour(i) notitle, \
             for [i = 1:boxes] file[p] index i - 1 using (($1 + $2) / 2):4:1:2:5:4 with boxxyerror \
                 fs transparent solid 0.25 noborder fc rgb colour(i) notitle, \
             for [i = 1:areas] file[p] index i - 1 using (($1 + $2) / 2):(0):5 with filledcurves \
                 fs transparent solid 0.6 noborder fc rgb colour(i) notitle, \
             for [i = 1:areas] file[p] index i - 1 using (($1 + $2) / 2):5:4 with filledcurves \
                 fs transparent solid 0.25 noborder fc rgb colour(i) notitle, \
             for [i = 1:arms] file[p] index i - 1 using (at_end[p] ? $2 : ($1 + $2) / 2):(column(column[p])) \
                 with lines lw (longest > 60 ? 1.2 : 2) lc rgb colour(i) notitle, \
             for [i = 1:arms] file[p] index i - 1 using (at_end[p] ? $2 : ($1 + $2) / 2):(column(column[p])) \
                 every (longest > 60 ? longest / 12 : 1)::(longest > 60 ? 3 * i : 0) \
                 with points pt mark(i) ps (longest > 20 ? 0.4 : 0.6) lc rgb colour(i) notitle, \
             for [i = 1:(longest == 1 ? arms : 0)] file[p] index i - 1 using 1:(column(column[p])):($2 - $1):(0) \
                 with vectors nohead lw 2 lc rgb colour(i) notitle
        evaluate say_axes
    }
    # The key has all of the height, and so a plot of its own. An arm without any value is not in it.
    set tmargin at screen y(84)
    set bmargin at screen y(height - 8)
    unset logscale
    unset border
    unset tics
    unset grid
    unset label
    unset arrow
    unset object
    set xrange [0:1]
    set yrange [0:1]
    set key at screen x(width - key_width - 6), screen y(78) left top Left reverse noenhanced \
        samplen 2.6 spacing 1.35 width 0 textcolor rgb ink title ""
    plot for [i = 1:arms] NaN with linespoints lw 2 pt mark(i) ps 0.7 lc rgb colour(i) \
         title (known[i] ? name(i) : "")
    unset multiplot
    set output
}
