"""Room: data and shapes to findings."""
