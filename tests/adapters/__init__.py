"""The adapters, over real sockets and real SQLite."""
