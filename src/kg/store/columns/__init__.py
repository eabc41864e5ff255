"""A second evaluator for large questions to a store that does not change: vectorised, over sorted columns of numbers.

It answers a part of SPARQL exactly as Oxigraph does, some times faster, and declines the rest.
"""

import os

# numpy brings a library that would start a thread for each processor, and whoever forks must have one thread only.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
