"""The drawing of a network: its numbers from a recording, its picture as SVG, and its place on a page."""
