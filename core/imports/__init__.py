"""Orders coming in: from files, slice by slice, and taken back."""
