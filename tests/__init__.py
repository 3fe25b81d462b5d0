"""Laws with examples; the folders mirror the package."""
