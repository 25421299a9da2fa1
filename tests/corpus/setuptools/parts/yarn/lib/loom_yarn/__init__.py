"""Yarn."""

VERSION = "0.9rc1"
