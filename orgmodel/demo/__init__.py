"""The demo organization Kestrel Audio: who is in it, what happened to it, and how it is loaded and removed.

`kestrel` says what is, `history` how it came about, `loading` writes both through the one door.
"""
