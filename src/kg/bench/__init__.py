"""Room of `kg bench`: invents a release, starts this server and others on it, asks all the same, compares."""
