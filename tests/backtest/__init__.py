"""Random worlds in which the monitor's predictions are held against what NetSuite refuses."""
