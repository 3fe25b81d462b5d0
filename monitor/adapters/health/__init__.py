"""Who watches the watcher: a dead man's ping, and numbers for Prometheus."""
