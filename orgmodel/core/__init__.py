"""The organization as a value, in plain Python: no Django, no database, no clock, no randomness."""
