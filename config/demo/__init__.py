"""演示: a year of believable work on the real 57 stations, the same every time."""
