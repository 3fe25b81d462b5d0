"""Answers as text for people, and as JSON and CSV for programs."""
