"""How Swedish writes days: its months begin with a small letter. Django looks a format up here under the name that
templates give, which is how English writes it."""

for _english in ("M", "M Y", "M y", "j M", "j M Y", "j M H:i", "j M Y H:i", "j M Y H:i:s"):
    globals()[_english] = _english.replace("M", "b")
