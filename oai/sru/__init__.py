"""SRU 1.1 and 1.2: library systems search the archive with CQL (Library of Congress).

`cql` reads a query into a tree, `mapping` says it in the words of the site's own search, `answers`
makes the XML, `views` is the address.
"""
