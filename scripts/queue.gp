# The jobs of a queue over time: accepted, completed, waiting, and the end of these: queue.svg and queue.png.
#
#   bench report RESULT... --data DIR && cd DIR && gnuplot PATH/TO/queue.gp
#
# Reads arms.dat, caption.dat, queue.dat, drain.dat and spike.dat from the current folder (docs/pictures.md). Every text is
# read as a string and shown with noenhanced, so that it never becomes part of a command.
here = ARG0[1:strlen(ARG0) - strlen("queue.gp")] # the other scripts are beside this one
load here . "common.gp"

# How the backlog goes on after the window: from its end to the end of the drain, which is drawn for
# at most as long as the window.
array end[arms]
array left[arms]
array drain[arms]
array said[arms]
set key autotitle columnheader # the first row holds names
stats 'drain.dat' using (end[int($1) + 1] = column("end_s"), left[int($1) + 1] = column("backlog"), \
                         drain[int($1) + 1] = column("drain_s"), said[int($1) + 1] = strcol("text"), 1) nooutput
set key noautotitle
more = 0
do for [i = 1:arms] {
    shown_s = drain[i] > end[i] ? end[i] : drain[i]
    more = shown_s > more ? shown_s : more # NaN compares as false
    label[i] = said[i] eq " " ? label[i] : label[i] . ": " . said[i]
    plain_label[i] = said[i] eq " " ? plain_label[i] : plain_label[i] . ": " . said[i]
    widest = strlen(label[i]) > widest ? strlen(label[i]) : widest
}
# The share of the drain that the axis has room for, and the backlog then.
part(i) = drain[i] > more ? more / drain[i] : 1
array drawn[arms]
do for [i = 1:arms] { drawn[i] = left[i] * (1 - part(i)) }
extra = 'if (p == 3) { do for [i = 1:arms] { if (drain[i] > 0 && left[i] > 0) { \
             set arrow from end[i], left[i] to end[i] + part(i) * drain[i], drawn[i] nohead lw 2 dt (6, 4) lc rgb colour(i) } } }'

output = 'queue'
head = "The queue over time"
averaged = rounds > 1 ? ", means over the rounds" : ""
some_drain = 0
do for [i = 1:arms] { some_drain = some_drain || (drain[i] > 0 && left[i] > 0) } # NaN compares as false
note = some_drain ? "dashed: the backlog after the load, falling to 0 in the time given in the key; drawn for at most the length of the run" : ""
stack = 0
panels = 3
array title[3]  = ["Accepted per second", "Completed per second", "Backlog, jobs"]
array column[3] = [3, 4, 5]
array file[3]   = ["queue.dat", "queue.dat", "queue.dat"]
array one[3]    = ["", "", ""]
array at_end[3] = [0, 0, 1]
limits = ""
back_column = "drained_s"
load here . "over_time.gp"
