"""TOML -> frozen settings, or a refusal that names every mistake at once."""
