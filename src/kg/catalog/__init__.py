"""Room: the whole: home page."""
