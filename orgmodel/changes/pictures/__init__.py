"""Pictures of change as SVG text, each with the rows of a table that says the same.

Presentation attributes and classes only, since the content security policy blocks style attributes. Every text goes
through `drawing`, which escapes it.
"""
