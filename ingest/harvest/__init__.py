"""Harvesting other repositories into the union catalogue.

`mending` makes XML of what they send, `protocol` reads it, `readers` describe each record in the
shape of `schemas.work`, `walking` goes from request to request, `keeping` writes down, and
`running` puts these together: one request a step, so that a harvest can be cut off anywhere.
"""
