"""SWORD 2.0: other systems deposit into the archive (AtomPub profile).

`atom` makes and reads the XML, `packages` takes what was sent apart, `views` are the addresses.
"""
