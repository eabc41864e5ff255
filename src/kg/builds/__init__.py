"""Floor above the rooms: a release as files, with what was checked and what is new in it."""
