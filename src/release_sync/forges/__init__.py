"""What a forge (GitHub, GitLab, Gitea) lets be pushed, by the rules that its API tells."""
