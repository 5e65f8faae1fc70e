"""The publisher: a folder that a generator has built becomes light to load, safe to serve, and complete without a network."""
