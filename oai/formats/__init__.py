"""Metadata formats of OAI-PMH, a module each."""
