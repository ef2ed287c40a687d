"""Erasing: recipients and what was written of them go once their order is over, or on request."""
