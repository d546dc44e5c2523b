"""The organization as a folder of CSV files: `layout` names files and columns, `reading` takes bytes apart,
`planning` works out what differs, `writing` is the way back. Nothing here writes to the database.
"""
