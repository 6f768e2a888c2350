"""What the library prints: acts, books and receipts as PDF, books as spreadsheets too.

Everything is said in the language of the paper, whatever that of the page is: callers put
`force_locale` around it.
"""
