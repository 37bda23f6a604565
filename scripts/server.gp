# What the load cost the server over time, below the latency, one curve per arm: server.svg and server.png.
#
#   bench report RESULT... --data DIR && cd DIR && gnuplot PATH/TO/server.gp
#
# Reads arms.dat, caption.dat, limits.dat, percentiles.dat, server.dat and spike.dat from the current folder (docs/pictures.md). Every text is
# read as a string and shown with noenhanced, so that it never becomes part of a command.
here = ARG0[1:strlen(ARG0) - strlen("server.gp")] # the other scripts are beside this one
load here . "common.gp"

output = 'server'
head = "Server cost over time"
averaged = rounds > 1 ? ", means over the rounds" : ""
note = "all processes of a server together; CPU wait: threads that were ready while no core was free"
more = 0; extra = ""
stack = 0
panels = 7
array title[7]  = ["Latency, p99", "CPU, cores", "Memory", "Threads", "Context switches per second", \
                   "CPU wait, seconds per second", "Backlog of the queue, jobs"]
array column[7] = [5, 3, 4, 5, 6, 7, 8]
array file[7]   = ["percentiles.dat", "server.dat", "server.dat", "server.dat", "server.dat", "server.dat", "server.dat"]
array one[7]    = ["ms", "", "B", "", "", "", ""]
array at_end[7] = [0, 0, 1, 1, 0, 0, 1]
array quantile[7] = [0.99, 0, 0, 0, 0, 0, 0]
limits = 'limits.dat'
back_column = "back_s"
load here . "over_time.gp"
