"""Time, and what is done beside something else: of the ports those that stand for no tool."""
