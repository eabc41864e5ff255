"""Turtle as text: tokens, their layout, and the files that are laid out."""
