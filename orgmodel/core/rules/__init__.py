"""Rules about structure: `integrity` holds problems, which block; each further module a family of findings, which advise."""
