"""Works go out: OAI-PMH 2.0."""
