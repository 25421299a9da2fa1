"""Hold a multi-package Python repository in lockstep, and release it as one act."""
