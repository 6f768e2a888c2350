"""IRBIS64: its records, exchange files and databases. docs/importing.md tells how to bring them."""
