# Responses and errors over time, one curve per arm: rate.svg and rate.png.
#
#   bench report RESULT... --data DIR && cd DIR && gnuplot PATH/TO/rate.gp
#
# Reads arms.dat, caption.dat and rate.dat from the current folder (docs/pictures.md). Every text is
# read as a string and shown with noenhanced, so that it never becomes part of a command.
here = ARG0[1:strlen(ARG0) - strlen("rate.gp")] # the other scripts are beside this one
load here . "common.gp"

output = 'rate'
head = "Responses and errors over time"
averaged = rounds > 1 ? ", means over the rounds" : ""
note = "errors, full: timed out or failed, without a response; pale: a response of another status than 2xx"
more = 0
extra = 'if (p == 2 && high[2] == 0) { set label "none" at graph 0.5, 0.5 center textcolor rgb grey }'
stack = 2
panels = 2
array title[2]  = ["Responses per second", "Errors per second"]
array column[2] = [3, 4]
array file[2]   = ["rate.dat", "rate.dat"]
array one[2]    = ["", ""]
array at_end[2] = [0, 0]
limits = ""
load here . "over_time.gp"
