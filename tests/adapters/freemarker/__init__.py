"""The real FreeMarker engine, for templates that Expensify will render."""
