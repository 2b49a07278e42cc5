"""Areas, cells, duty grids, shifts: where things are and who answers there."""
