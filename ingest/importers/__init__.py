"""Importers, a module for each format: read(source) gives rows as the border wants them."""
