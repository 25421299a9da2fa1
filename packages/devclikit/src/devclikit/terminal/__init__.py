"""How texts look on a terminal: wrapped, in colours, with what is going on below them."""
