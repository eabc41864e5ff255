"""Room: the dataset as a whole, for machines: its description, dumps, sitemap and feed of releases."""
