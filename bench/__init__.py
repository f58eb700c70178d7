"""`make bench`: measures every budget of Belfry's design in one run, as ratios wherever the speed of the machine
matters.

`forums` creates the forums that are measured, `servers` starts web servers, `load` and `schedule` send requests;
`reading`, `pages`, `latency`, `replies` and `weight` each measure one budget, `lists` the lists of topics, and `table`
prints the results.
"""
