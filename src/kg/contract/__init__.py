"""What a linked-data site owes to those who follow its IRIs, as rules that are held against any running site.

Nothing here knows how the site is made: it is asked over HTTP, gently and without writing, and what it says is not
trusted.
"""
