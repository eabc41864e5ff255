"""Room: writing, today only to a plain store on loopback."""
