"""What PEPs and other documents define, as work on strings alone."""
