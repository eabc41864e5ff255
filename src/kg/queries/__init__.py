"""Room: the saved queries, as pages and as data."""
