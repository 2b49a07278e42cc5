"""The case catalogue (立案条件目录): classes, conditions, duties, in versions."""
