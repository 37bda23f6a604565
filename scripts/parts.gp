# Where the time of a request went in the server, a group of bars per arm: parts.svg and parts.png.
#
#   bench report RESULT... --data DIR && cd DIR && gnuplot PATH/TO/parts.gp
#
# Reads arms.dat, caption.dat and parts.dat from the current folder (docs/pictures.md). Every text is
# read as a string and shown with noenhanced, so that it never becomes part of a command.
here = ARG0[1:strlen(ARG0) - strlen("parts.gp")] # the other scripts are beside this one
load here . "common.gp"

# --- what there is to show ---

# value[at(p, c, i)]: of panel p (the mean, p50, p90, p99), of the whole, wait and work, of arm i.
array head[4] = ["Mean", "p50 of each, by itself", "p90 of each, by itself", "p99 of each, by itself"]
at(p, c, i) = int(((p - 1) * 3 + c - 1) * arms + i)
array value[12 * arms]
# A bar is a share of the arm's own whole, so that arms of any speed stand side by side.
share(p, c, i) = value[at(p, c, i)] / value[at(p, 1, i)]
array early[arms] # it answers before the work is done: the whole is that of a job
array bound[arms] # unfinished requests count in the whole, which is a lower bound
most = 1
set key autotitle columnheader # the first row holds names
do for [p = 1:4] {
    stats 'parts.dat' using (early[int($1) + 1] = column("jobs"), bound[int($1) + 1] = column("bound"), 1) nooutput
    do for [c = 1:3] {
        stats 'parts.dat' using (value[at(p, c, $1 + 1)] = column(3 * p + c - 1), 1) nooutput
    }
    do for [c = 2:3] { do for [i = 1:arms] { most = share(p, c, i) > most ? share(p, c, i) : most } }
}
if (most > 3) { most = 3 } # NaN compares as false
set key noautotitle
array note[4]
notes = 2
note[1] = "outline: the latency; pale: waiting in the server; full: the work. Each row has a scale of its own: its latency"
note[2] = "rest: the network, and waiting in the socket, where requests wait for a server that blocks its loop"
do for [i = 1:arms] { if (bound[i] == 1 && notes == 2) {
    notes = notes + 1
    note[notes] = "≥: unfinished requests count with the time so far; wait and work are also of those that the server finished later, and do not add up"
} }
jobs = 0
do for [i = 1:arms] { jobs = jobs || early[i] == 1 }
if (jobs) {
    notes = notes + 1
    note[notes] = "of a queue: the time of a job, from its storing to its end, in place of the latency"
}

# --- lay-out, in pixels of the SVG; the PNG is twice as large ---

row = 62.0
names = 36 + 9.6 * widest
across = 352.0
gap = 30
panel = 24 + arms * row + 22 # title, bars
width = names + 2 * across + gap + 24
height = 88 + 2 * panel + 7 + 17 * notes
left(p) = names + ((p - 1) % 2) * (across + gap)
above(p) = 88 + int((p - 1) / 2) * panel + 24

set border 2 lc rgb ink lw 1
unset tics
unset grid
set yrange [arms + 0.5:0.5]
set xrange [0:most * 1.36]
unset key
# Of the mean: what is neither wait nor work; the two may be of a few requests more than the latency.
rest(i) = value[at(1, 1, i)] - value[at(1, 2, i)] - value[at(1, 3, i)]
split(i) = unit(value[at(1, 2, i)]) . " wait, " . unit(value[at(1, 3, i)]) . " work" . \
           (rest(i) > 0 ? ", " . unit(rest(i)) . " rest" : "")
adds_up(p, i) = p == 1 && bound[i] != 1
# A longer one ends at the axis; its text says what it is. What was not measured has none.
bar(v) = v < most ? v : v >= most ? most : NaN

# --- the picture ---

do for [kind in kinds] {
    evaluate terminal(kind)
    set output 'parts.' . kind
    set multiplot
    do for [p = 1:4] {
        set lmargin at screen x(left(p))
        set rmargin at screen x(left(p) + across)
        set tmargin at screen y(above(p))
        set bmargin at screen y(above(p) + arms * row)
        unset label
        set label head[p] at screen x(left(p)), screen y(above(p) - 12) left font ",12" textcolor rgb ink
        do for [i = 1:arms] {
            if (!(share(p, 1, i) == 1)) {
                set label "not measured" at first 0, first i left offset 0.6, 0 font ",10" textcolor rgb grey
            } else {
                set label (bound[i] == 1 ? "≥" : "") . unit(value[at(p, 1, i)]) at first 1, first i - 0.25 left offset 0.6, 0 font ",10" textcolor rgb ink
                if (adds_up(p, i) && share(p, 2, i) >= 0 && share(p, 3, i) >= 0) {
                    set label split(i) at first 0, first i + 0.14 left offset 0.6, 0 font ",10" textcolor rgb grey
                }
                do for [c = 2:(adds_up(p, i) ? 1 : 3)] {
                    if (share(p, c, i) >= 0) {
                        set label unit(value[at(p, c, i)]) at first bar(share(p, c, i)), first i - 0.25 + 0.25 * (c - 1) \
                            left offset 0.6, 0 font ",10" textcolor rgb grey
                    }
                }
            }
            if (p % 2 == 1) {
                set label name(i) noenhanced at first 0, first i right offset -1, 0 textcolor rgb ink
            }
        }
        if (p == 1) {
            set label "Where the time went" at screen x(18), screen y(24) left font ",15" textcolor rgb ink
            set label about(1) . pooled noenhanced at screen x(18), screen y(47) left textcolor rgb grey
            set label about(2) noenhanced at screen x(18), screen y(66) left textcolor rgb grey
            do for [k = 1:notes] {
                set label note[k] at screen x(18), screen y(88 + 2 * panel + 17 * k - 13) left font ",10" textcolor rgb grey
            }
        }
        # Where they add up, the parts stand behind each other, else below each other.
        start(i) = adds_up(p, i) ? bar(share(1, 2, i)) : 0
        high(c, i) = adds_up(p, i) ? -0.25 : -0.25 + 0.25 * (c - 1) # the middle of a bar
        plot for [i = 1:arms] '+' using (0):(i):(0):(bar(share(p, 2, i))):(i + high(2, i) - 0.1):(i + high(2, i) + 0.1) \
                 every ::0::0 with boxxyerror fs transparent solid 0.35 noborder fc rgb colour(i), \
             for [i = 1:arms] '+' using (0):(i):(start(i)):(bar(start(i) + share(p, 3, i))):(i + high(3, i) - 0.1):(i + high(3, i) + 0.1) \
                 every ::0::0 with boxxyerror fs solid 1 noborder fc rgb colour(i), \
             for [i = 1:arms] '+' using (0):(i):(0):(share(p, 1, i)):(i - 0.35):(i - 0.15) \
                 every ::0::0 with boxxyerror fs empty lc rgb colour(i) lw 1.2
    }
    unset multiplot
    set output
}
