"""`make bench`: every budget of Belfry's design measured in one run, as ratios wherever a machine's speed would show.

`forums` keeps the forums that are measured, `servers` starts what answers, `load` and `schedule` ask; `reading`,
`pages`, `latency`, `replies` and `weight` each measure one budget, and `table` says what was found.
"""
