"""Room: dereferenceable things, /id 303 to /doc, and the documents about them."""
