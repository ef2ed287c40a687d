"""Reading the barcodes of a photo."""
