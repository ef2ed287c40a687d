"""Tests of reading barcodes from photos."""
