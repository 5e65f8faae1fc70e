"""The publisher: a built folder becomes light to load, safe to serve, and complete without a network.

It reads nothing but the folder, so that it works after any generator, and imports nothing of the engine.
"""


class PublishError(ValueError):
    """Something in a built folder cannot be published; says in one line where, what, and how to mend it."""
