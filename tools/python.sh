#!/bin/sh
# Runs a tool script with the first Python 3.11 or newer that can create virtual environments.
# Looks at $PYTHON, then python3, then the versioned names. Nothing else belongs here.
old="" incomplete=""
for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
    version=$("$name" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    if ! "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        old="$version"
    elif [ ! -x .venv/bin/python ] && ! "$name" -c 'import venv, ensurepip' 2>/dev/null; then
        incomplete="${incomplete:-$version}"
    else
        exec "$name" "$@"
    fi
done
if [ -n "$incomplete" ]; then
    echo "Python $incomplete has no venv. On Debian, Ubuntu: apt-get install python$incomplete-venv" >&2
elif [ -n "$old" ]; then
    echo "orgmodel needs Python 3.11 or newer; found only $old. Name another with PYTHON=/path/to/python3." >&2
else
    echo "orgmodel needs Python 3.11 or newer; found none. Name one with PYTHON=/path/to/python3." >&2
fi
exit 1
