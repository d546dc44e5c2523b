"""Rules about structure: `integrity` holds problems, which block; further modules will hold findings, which advise."""
