"""What people ask of the database: questions in, values out. No words for a screen, no colour."""
