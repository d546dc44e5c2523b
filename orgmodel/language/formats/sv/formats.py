"""How Swedish writes days: its months begin with a small letter.

Django asks this module for an attribute by the name of a format, be it a setting or what a template gives.
"""


def __getattr__(name: str) -> str:
    if "M" not in name or "_" in name:  # settings, such as MONTH_DAY_FORMAT, are Django's
        raise AttributeError(name)
    return name.replace("M", "b")
