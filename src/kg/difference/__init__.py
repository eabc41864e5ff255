"""What differs between two versions of a project, in facts, in evidence and in what they lead to."""
