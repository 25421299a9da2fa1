"""What is looked at, and asked, before anything is done."""
