# Responses and errors over time, one curve per arm: rate.svg and rate.png.
#
#   bench report RESULT... --data DIR && cd DIR && gnuplot PATH/TO/rate.gp
#
# Reads arms.dat, caption.dat, rate.dat and spike.dat from the current folder (docs/pictures.md). Every text is
# read as a string and shown with noenhanced, so that it never becomes part of a command.
here = ARG0[1:strlen(ARG0) - strlen("rate.gp")] # the other scripts are beside this one
load here . "common.gp"

# The highest of each arm, and whether there are errors. Where the arms differ by more than 30 times
# one of them would lie on the bottom of a linear axis.
least = 1e300; most = 0; errors = 0
do for [i = 1:arms] {
    own = 0
    stats 'rate.dat' index i - 1 using (own = $3 > own ? $3 : own, errors = $4 > errors ? $4 : errors, 1) nooutput
    least = own > 0 && own < least ? own : least # NaN compares as false
    most = own > most ? own : most
}
is_log = most > 30 * least

output = 'rate'
head = "Responses and errors over time"
averaged = rounds > 1 ? ", means over the rounds" : ""
note = errors > 0 ? "errors, full: timed out or failed, without a response; pale: a response with another status than 2xx" : "no errors"
if (is_log) { note = note . "; a gap: no response" }
more = 0; extra = ""
stack = 2
panels = errors > 0 ? 2 : 1
array title[2]  = ["Responses per second" . (is_log ? "  (log)" : ""), "Errors per second"]
array column[2] = [3, 4]
array file[2]   = ["rate.dat", "rate.dat"]
array one[2]    = [is_log ? "log" : "", ""]
array at_end[2] = [0, 0]
limits = ""
back_column = "back_s"
load here . "over_time.gp"
