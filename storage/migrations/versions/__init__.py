"""One file a step, numbered in the order they run: `0001_what_it_does.py`."""
