"""The simulated Expensify: its workspaces and reports, its one endpoint, its template engine."""
