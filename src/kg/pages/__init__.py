"""Floor under the rooms: how things are named, addressed and shown to people."""
