# The arms side by side, one panel per figure, one bar per arm: compare.svg and compare.png.
#
#   bench report RESULT... --data DIR && cd DIR && gnuplot PATH/TO/compare.gp
#
# Reads arms.dat, caption.dat, compare.dat and compare_text.dat from the current folder
# (docs/pictures.md). Every text is read as a string and shown with noenhanced, so that it never
# becomes part of a command.
load ARG0[1:strlen(ARG0) - strlen("compare.gp")] . "common.gp" # beside this script

# --- what there is to show ---

early = "" # arms that answer before the work is done
plain_early = ""
listed(names, name, text) = strstrt(text, "accepted") == 0 ? names : \
                            names . (names eq "" ? "" : ", ") . name
do for [i = 1:arms] {
    early = listed(early, label[i], completed[i])
    plain_early = listed(plain_early, plain_label[i], completed[i])
}

# Columns of compare.dat, the title of each panel, and one unit of the axis in the column's unit.
array key[9]  = ["work_per_second", "requests_per_second", "p50_ms", \
                 "p99_ms", "probe_p99_ms", "cpu_per_work_ms", \
                 "rss_peak_bytes", "threads_peak", "switches_per_request"]
array head[9] = ["Completed work per second", "Responses per second", "Latency, p50", \
                 "Latency, p99", "", "CPU time per unit of work", \
                 "Peak memory", "Peak threads", "Context switches per request"]
array one[9]  = [1, 1, 1e-3, 1e-3, 1e-3, 1e-3, 1, 1, 1]
array unit[9] = ["", "", "s", "s", "s", "s", "B", "", ""]

# value[at(p, i)] is that of panel p, arm i.
at(p, i) = int((p - 1) * arms + i)
array value[9 * arms]
array from[9 * arms]
array to[9 * arms]
array shown[9 * arms]
set key autotitle columnheader # the first row holds names
do for [p = 1:9] {
    stats 'compare.dat' using (value[at(p, $1 + 1)] = column(key[p]) * one[p], \
                               from[at(p, $1 + 1)] = column(key[p] . "_low") * one[p], \
                               to[at(p, $1 + 1)] = column(key[p] . "_high") * one[p], 1) nooutput
    stats 'compare_text.dat' using (shown[at(p, $1 + 1)] = strcol(key[p]), 1) nooutput
}
set key noautotitle
spread = rounds > 1 ? ": bars show medians, whiskers min to max" : ""

# The range of each panel, and which marks occur and need an explanation below.
array least[9]
array most[9]
array logarithmic[9]
log_axis = 0; late = 0; ended = 0; few = 0; few_rate = 0
do for [p = 1:9] {
    least[p] = 1e300; most[p] = 0
    do for [i = 1:arms] {
        least[p] = from[at(p, i)] > 0 && from[at(p, i)] < least[p] ? from[at(p, i)] : least[p]
        most[p] = to[at(p, i)] > most[p] ? to[at(p, i)] : most[p]
        if (strstrt(shown[at(p, i)], "≥") > 0) { if (p >= 3 && p <= 5) { late = 1 } else { ended = 1 } }
        if (strstrt(shown[at(p, i)], "*") > 0) { if (p <= 2) { few_rate = 1 } else { few = 1 } }
    }
    logarithmic[p] = most[p] > 100 * least[p]
    log_axis = log_axis || logarithmic[p]
}
array note[6]
array plain_note[6]
notes = 0
if (log_axis) { notes = notes + 1; note[notes] = "log: logarithmic axis from a power of ten; compare where bars end, not their lengths" }
if (late) { notes = notes + 1; note[notes] = "≥ latency: lower bound, some requests had not finished" }
if (ended) { notes = notes + 1; note[notes] = "≥ switches: lower bound, threads that exited are not included" }
if (few) { notes = notes + 1; note[notes] = "* percentile: fewer than 10 samples above it" }
if (few_rate) { notes = notes + 1; note[notes] = "* rate: based on fewer than 30 completions, or less than 0.5 s" }
do for [i = 1:notes] { plain_note[i] = note[i] }
if (early ne "") {
    notes = notes + 1
    note[notes] = early . ": responses, latency and switches measure accepting a job, not completing it"
    plain_note[notes] = plain_early . ": responses, latency and switches measure accepting a job, not completing it"
}

# --- lay-out, in pixels of the SVG; the PNG is twice as large ---

row = 22.0
panel = 24 + arms * row + 34 # title, bars, axis
height = 84 + 3 * panel + 9 + 17 * notes
names = 36 + 9.6 * widest
gap = 22
across = 272.0
width = names + 3 * across + 2 * gap + 20
left(p) = names + ((p - 1) % 3) * (across + gap)
above(p) = 84 + int((p - 1) / 3) * panel + 24

set border 2 lc rgb ink lw 1
set tics out nomirror scale 0 textcolor rgb grey
set grid xtics lc rgb faint lw 1 lt 1
set yrange [arms + 0.5:0.5]
unset ytics

# --- the picture ---

do for [kind in kinds] {
    evaluate terminal(kind)
    set output 'compare.' . kind
    set multiplot
    do for [p = 1:9] {
        # Where the bars start, and where the axis ends: behind the longest bar there is room for
        # its text.
        start = logarithmic[p] ? power(least[p] / 1.3) : 0
        top = most[p] == 0 ? 1 : most[p]
        end = logarithmic[p] ? top * (top / start) ** 0.52 : top * 1.52
        set lmargin at screen x(left(p))
        set rmargin at screen x(left(p) + across)
        set tmargin at screen y(above(p))
        set bmargin at screen y(above(p) + arms * row)
        unset xtics
        set xtics nomirror scale 0 () offset 0, 0.6 font ",11"
        if (logarithmic[p]) {
            set logscale x
            every_nth = ceil(log10(top / start) / 2.6) # a label needs 60 pixels
            do for [d = int(ceil(log10(start) - 1e-9)):int(floor(log10(top) + 1e-9)):every_nth] {
                set xtics add (amount(10.0 ** d, unit[p]) 10.0 ** d)
            }
        } else {
            unset logscale x
            step = round_up(top / 2.4, power(top / 2.4))
            do for [n = 0:int(floor(1.01 * top / step))] { set xtics add (amount(n * step, unit[p]) n * step) }
        }
        set xrange [start:end]
        unset label
        set label (p == 5 ? about(3) : head[p]) . (logarithmic[p] ? "  (log)" : "") noenhanced at screen x(left(p)), screen y(above(p) - 12) \
            left font ",12" textcolor rgb ink
        do for [i = 1:arms] {
            # NaN is not equal to itself.
            tint = value[at(p, i)] == value[at(p, i)] ? ink : grey
            beyond = to[at(p, i)] > start ? to[at(p, i)] : start
            set label shown[at(p, i)] noenhanced at first beyond, first i left offset 0.6, 0 \
                font ",11" textcolor rgb tint
            if (p % 3 == 1) {
                set label name(i) noenhanced at first start, first i right offset -1, 0 textcolor rgb ink
            }
        }
        if (p == 1) {
            set label "Side by side" at screen x(18), screen y(24) left font ",15" textcolor rgb ink
            set label about(1) . spread noenhanced at screen x(18), screen y(47) left textcolor rgb grey
            set label about(2) noenhanced at screen x(18), screen y(66) left textcolor rgb grey
            do for [i = 1:notes] {
                set label (kind eq "svg" ? note[i] : plain_note[i]) noenhanced \
                    at screen x(18), screen y(84 + 3 * panel + 17 * i - 4) left font ",10" textcolor rgb grey
            }
        }
        bar_end(i) = value[at(p, i)] > start ? value[at(p, i)] : start
        whisker(i) = to[at(p, i)] > from[at(p, i)] ? value[at(p, i)] : NaN
        plot for [i = 1:arms] '+' using (bar_end(i)):(i):(start):(bar_end(i)):(i - 0.36):(i + 0.36) \
                 every ::0::0 with boxxyerror fs solid 1 noborder fc rgb colour(i) notitle, \
             for [i = 1:arms] '+' using (whisker(i)):(i):(from[at(p, i)]):(to[at(p, i)]) \
                 every ::0::0 with xerrorbars pt -1 lw 1.2 lc rgb ink notitle
    }
    unset multiplot
    set output
}
