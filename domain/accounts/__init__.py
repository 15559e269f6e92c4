"""Users, the actor of a verb, and rights."""
