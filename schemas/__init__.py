"""The border: what may come in, and in what shape."""
