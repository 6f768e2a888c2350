"""How ready a repository is for its harvesters: rule books, and the harvest that judges by them.

Each aggregator has a module with its book: a table of small rule functions. `judging.judge` asks a
repository over HTTP, ours or any other, and gives a report.
"""
