"""What a measured process does: each file here is the program of one child."""
