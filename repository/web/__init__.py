"""Pages for people: thin blueprints."""
