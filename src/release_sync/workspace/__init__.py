"""What the workspace says: bytes in, values out. The whole world of the hook."""
