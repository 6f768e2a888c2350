"""The open part of the archive as plain pages and files: they work from a stick, without a server.

`works` says what may go, `pages`, `lists` and `search` make the pages, `target` is the folder, and
`scratch` what a run remembers outside of memory. `repository.exports.site` puts them together.
"""
