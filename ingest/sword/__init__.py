"""SWORD 2.0: other systems deposit into the archive (AtomPub profile). 3.0 is `ingest.sword3`.

`atom` makes and reads the XML, `views` are the addresses. `packages` takes what was sent apart, and
`deposits` keeps it; both versions do that in the same way.
"""
