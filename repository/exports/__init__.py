"""Works as files for other programs, a module for each format."""
