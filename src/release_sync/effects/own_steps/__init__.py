"""The run of what a workspace brings: its own scripts and commands, kept apart like builds."""
