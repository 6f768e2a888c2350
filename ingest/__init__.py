"""Works come in: the deposit form, importers, and what happens to a file on arrival."""
