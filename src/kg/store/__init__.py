"""Floor: folders to one immutable dataset, and what evaluates SPARQL over it."""
