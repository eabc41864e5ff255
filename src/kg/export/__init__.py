"""Floor beside the server: the whole site as files, which any web server can publish."""
