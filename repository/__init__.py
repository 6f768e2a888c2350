"""Open Archive keeps scholarly works: the catalogue, the files, and how readers see them."""

__version__ = "0.1.0"
