"""Knowledge graphs as linked data: validated, traced to their sources, served."""

__version__ = "0.1.0"
