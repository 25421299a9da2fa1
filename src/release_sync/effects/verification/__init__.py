"""The verification of what was built, before anything of it leaves."""
