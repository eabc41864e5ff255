"""Ground floor: the words every other floor uses. Imports nothing of kg."""
