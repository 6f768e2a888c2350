"""/api: the archive for programs. `ingest.api` adds what brings works in."""
