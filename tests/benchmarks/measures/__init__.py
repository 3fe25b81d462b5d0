"""The benchmarks, one file a promise."""
