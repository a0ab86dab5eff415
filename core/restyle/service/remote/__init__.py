"""A GPU in another room: what a server needs that serves other computers, and what those computers need to know of it.

The server: a certificate that it makes itself, and members, each with a token of his own. Members get both in one line, the
invitation. Their computers remember it, and trust that certificate alone.
"""
