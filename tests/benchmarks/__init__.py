"""Speed and size, measured and never asserted in a timed test."""
