"""Bundles: what one job sealed, handed to the one that uploads it."""
