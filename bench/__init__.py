"""`make bench`: figures as ratios to a reference measured, interleaved, in the same run."""
