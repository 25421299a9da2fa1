"""How steps are advanced: who goes with whom, and what is asked once."""
