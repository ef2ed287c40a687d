"""Tracking numbers and parcels: entered, doubted, shipped, corrected; paper for packing."""
