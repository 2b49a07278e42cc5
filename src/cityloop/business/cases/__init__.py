"""Reports, cases, tasks: the loop itself."""
