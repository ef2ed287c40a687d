"""What the two sides of an order answer each other: accepted, declined, held, asked, stopped."""
