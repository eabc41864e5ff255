"""Room: from a new text, or a new thing, to a draft that a maintainer confirms."""
