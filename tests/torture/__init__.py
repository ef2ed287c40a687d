"""The promises as figures: each file one part, short in `make test`, full in `make torture`."""
