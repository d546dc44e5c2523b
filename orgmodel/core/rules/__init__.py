"""Rules about structure: `integrity` holds problems, which block, `reorganization` what to settle before a draft is
published, and `findings` what advises, one module for each family of rules."""
