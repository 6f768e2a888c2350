"""How works are used, counted by the rules of COUNTER 5.1.

The servers note who looks at what (`recording`), the worker counts it by the day (`counting`,
`daily`), pages and reports read the sums (`figures`, `reports`).
"""
