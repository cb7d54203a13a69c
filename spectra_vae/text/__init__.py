"""Everything that is said, in every language; the lowest floor."""
