"""Room: the W3C Reconciliation Service API, by which OpenRefine matches lists of names with things."""
