"""Room: source texts, and whether what is claimed stands in them."""
