"""Time only: which ticks there are, and the program that makes them happen."""
