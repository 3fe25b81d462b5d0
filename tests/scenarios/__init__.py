"""The whole program against simulated systems, on a clock that the test moves."""
