# A spike of the rate, for over_time.gp and heat.gp: a shade behind the time of it, and an upright
# line where an arm has come back from it.
#
# Takes    back_column   which column of spike.dat has that: "back_s" or "drained_s"
#          last, more    the end of the time axis is at their sum, in s; when it is drawn
#          spike_line(i) the colour of the line of arm i; when it is drawn
# Gives    spikes        how many arms had a spike
#          spike_note    in a line what the shade and the lines are
#          draw_spikes   for eval in each panel: those of the arms from spike_first to spike_last; the
#                        shade has its name where n is 1
array spike_from[arms]
array spike_to[arms]
array spike_back[arms]
set key autotitle columnheader # the first row holds names
stats 'spike.dat' using (spike_from[int($1) + 1] = column("from_s"), spike_to[int($1) + 1] = column("to_s"), \
                         spike_back[int($1) + 1] = column(back_column), 1) nooutput
set key noautotitle
spikes = 0
spike_lines = 0
array spike_is_named[arms] # the first arm of those with the same spike
do for [i = 1:arms] {
    known_spike = spike_from[i] == spike_from[i] # NaN is not equal to itself
    spike_is_named[i] = known_spike
    do for [k = 1:i - 1] {
        if (spike_from[k] == spike_from[i] && spike_to[k] == spike_to[i]) { spike_is_named[i] = 0 }
    }
    spikes = spikes + known_spike
    spike_lines = spike_lines + (spike_back[i] == spike_back[i])
}
spike_first = 1
spike_last = arms
spike_note = spikes == 0 ? "" : "shaded: the spike of the rate" . \
             (spike_lines == 0 ? "" : back_column eq "back_s" ? "; upright, dashed: the arm is back within its goal, and stays there" \
                                                              : "; upright, dashed: the jobs that had piled up are done")

# What lies beyond the axis is not drawn: the run was cut short. NaN compares as false.
draw_spikes = 'do for [k = spike_first:spike_last] { \
    spike_end = spike_to[k] < last + more ? spike_to[k] : last + more; \
    if (spike_from[k] < last + more) { \
        set object rectangle from first spike_from[k], graph 0 to first spike_end, graph 1 behind \
            fc rgb beyond fs solid noborder; \
        if (n == 1 && spike_is_named[k]) { \
            set label "spike" at first (spike_from[k] + spike_end) / 2, graph 0 center offset 0, 0.6 font ",10" textcolor rgb grey } \
    }; \
    if (spike_back[k] <= last + more) { \
        set arrow from first spike_back[k], graph 0 to first spike_back[k], graph 1 nohead lw 1.2 dt (5, 4) \
            lc rgb spike_line(k); \
        set label "" at first spike_back[k], graph 1 point pt mark(k) ps 0.8 lc rgb spike_line(k) } }'
