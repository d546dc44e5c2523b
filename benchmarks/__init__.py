"""How fast it is, and whether that depends on the size of the organization. `make bench`; not part of the tests."""
