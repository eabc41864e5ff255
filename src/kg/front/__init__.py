"""Floor above the application: between the HTTP server and WSGI. Repeats answers, compresses, counts, logs.

RSGI, not WSGI, because only there a server tells that a client has gone.
"""
