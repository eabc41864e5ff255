"""Floor above the application: between the HTTP server and WSGI. Repeats answers, compresses, counts, logs."""
