"""SWORD 3.0: other systems deposit into the archive, in JSON. 2.0 is `ingest.sword`.

What comes in: `headers`, `metadata`, `references` (files that we fetch), `segments` (files in
pieces), `bags`; `sending` puts that together for one request. What goes out: `documents` has the
JSON, `standing` how a deposit stands, with the ETags of its parts. The addresses: `views` for
services and deposits, `part_views` for what is in one, `staging_views` for segments; `errors` says
what was wrong. How a deposit is kept and sent to the library is in `ingest.sword.deposits`.
"""
