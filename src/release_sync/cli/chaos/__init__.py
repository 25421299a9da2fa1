"""What `rehearse --chaos` needs: releases that are killed on purpose, and what they leave."""
