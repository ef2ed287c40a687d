"""Orders as they stand: seen, found, narrowed, looked at, told of from their beginning."""
