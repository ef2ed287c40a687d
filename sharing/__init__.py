"""What the processes of one house share beside the database: counts, turns, wake-ups, by Redis."""
