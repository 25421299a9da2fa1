"""The releases that were made of a repository, as its tags and seals tell them."""
