"""A release by way of an index that is made for it: staged, tried, promoted."""
