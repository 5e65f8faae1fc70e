"""Plots: what has been drawn with Matplotlib, as a picture for a page. Importing this room's module imports Matplotlib."""
