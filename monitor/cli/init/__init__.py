"""`monitor init`: a first configuration, from a few answers and without a secret."""
