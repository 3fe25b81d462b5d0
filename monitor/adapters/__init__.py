"""Touches the world: one room per outside system."""
