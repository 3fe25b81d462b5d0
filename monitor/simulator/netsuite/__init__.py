"""The simulated NetSuite: its tables, its SuiteQL, its sign-in, its refusals on the wire."""
