"""Open Archive keeps scholarly works: the catalogue, its files, its people, and how readers see it."""

__version__ = "0.1.0"
