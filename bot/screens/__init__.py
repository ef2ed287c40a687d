"""Pure functions from what a person may see to the Screen that shows it."""
