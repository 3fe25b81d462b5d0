"""What `monitor check` tries, subject by subject: values, and a served world."""
