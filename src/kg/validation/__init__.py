"""Floor above the checks: all of them over one project, one report."""
