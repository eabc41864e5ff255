"""Room: what operators ask: alive, ready, numbers."""
